namespace SeqMnistSweep.Cli.Imports;

/// <summary>A configuration that somebody has tried elsewhere.</summary>
/// <param name="Value">What it came to, the mean over its runs; finite.</param>
internal sealed record PriorPoint(ParameterSet Parameters, double Value);

/// <summary>The results of a file, and why some of its rows are none. Rows with the same parameters are runs of one configuration.</summary>
internal sealed class ImportedPoints
{
    private readonly Dictionary<ParameterSet, List<double>> _values = [];
    private readonly HashSet<ParameterSet> _partial = [];
    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);

    public static ImportedPoints Of(IEnumerable<ForeignRun> runs)
    {
        var points = new ImportedPoints();
        foreach (var run in runs)
        {
            if (run.WhyNoResult is { } reason)
            {
                points.LeaveOut(run.Parameters, reason);
            }
            else
            {
                points.Add(run.Parameters, run.Value);
            }
        }

        return points;
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<PriorPoint> Results => [.. _values.Select(pair => new PriorPoint(pair.Key, pair.Value.Average()))];

    /// <summary>Those of which every run is a result.</summary>
    public IReadOnlyList<PriorPoint> Whole => [.. Results.Where(point => !_partial.Contains(point.Parameters))];

    /// <summary>A sentence; null where every row is a result.</summary>
    public string? LeftOut => _leftOut.Count == 0
        ? null
        : $"{_leftOut.Values.Sum()} {(_leftOut.Values.Sum() == 1 ? "row" : "rows")} left out: "
            + string.Join(", ", _leftOut.Select(pair => _leftOut.Count == 1 ? pair.Key : $"{pair.Key} ({pair.Value})"));

    /// <param name="value">Null, or not finite, is no result.</param>
    private void Add(ParameterSet parameters, double? value)
    {
        if (value is not { } number || !double.IsFinite(number))
        {
            LeaveOut(parameters, "no finite value");
            return;
        }

        if (!_values.TryGetValue(parameters, out var values))
        {
            _values[parameters] = values = [];
        }

        values.Add(number);
    }

    private void LeaveOut(ParameterSet parameters, string reason)
    {
        _partial.Add(parameters);
        _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + 1;
    }

    /// <summary>The best first; behind those of which every run is a result, the others.</summary>
    public IReadOnlyList<PriorPoint> Best(bool maximize, int most) =>
    [
        .. Results.OrderBy(point => _partial.Contains(point.Parameters)).ThenBy(point => maximize ? -point.Value : point.Value)
            .Take(most),
    ];
}
