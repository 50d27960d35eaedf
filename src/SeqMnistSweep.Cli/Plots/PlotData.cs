using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>A trial that has a value.</summary>
internal sealed record PlottedTrial(int Number, double Value, TrialState State, ParameterSet Parameters);

/// <summary>What plots are drawn from: a sweep, its space, and its trials that have a value, by number.</summary>
internal sealed record PlotData(SweepRow Sweep, SearchSpace? Space, IReadOnlyList<PlottedTrial> Trials)
{
    private const int MostRows = 100_000;

    public bool Maximize => Sweep.Goal == "maximize";

    public static async Task<PlotData> ReadAsync(ResultSource results, SweepRow sweep, CancellationToken cancellation)
    {
        var rows = await QueryAsync(
            results,
            $"select number, value, state, params from trials where sweep = '{Quoted(sweep)}' and value is not null order by number",
            cancellation);
        return new PlotData(
            sweep,
            SweepFile.Parse(sweep.Spec, $"{sweep.Name}.yaml").Definition?.Space,
            [
                .. rows.Select(row => new PlottedTrial(
                    Convert.ToInt32(row[0], CultureInfo.InvariantCulture),
                    Convert.ToDouble(row[1], CultureInfo.InvariantCulture),
                    StateNames.Parse<TrialState>((string)row[2]!),
                    ParameterSet.FromJson((string)row[3]!))),
            ]);
    }

    /// <summary>The sweep's metric after every reported epoch, by trial; trials and epochs without it are left out.</summary>
    public async Task<IReadOnlyList<(int Number, int Epoch, double Value)>> CurvesAsync(
        ResultSource results, CancellationToken cancellation)
    {
        var rows = await QueryAsync(
            results, $"select number, epoch, metrics from reports where sweep = '{Quoted(Sweep)}' order by number, epoch", cancellation);
        return [.. rows
            .Select(
                row => (
                    Number: Convert.ToInt32(row[0], CultureInfo.InvariantCulture),
                    Epoch: Convert.ToInt32(row[1], CultureInfo.InvariantCulture), Value: JsonNode.Parse((string)row[2]!)?[Sweep.Metric]))
            .Where(row => row.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
            .Select(row => (row.Number, row.Epoch, row.Value!.GetValue<double>()))];
    }

    /// <summary>The best value up to each trial, in the order of the trials.</summary>
    public IEnumerable<double> BestSoFar()
    {
        double? best = null;
        foreach (var trial in Trials)
        {
            best = best is { } known ? (Maximize ? Math.Max(known, trial.Value) : Math.Min(known, trial.Value)) : trial.Value;
            yield return best.Value;
        }
    }

    /// <summary>The best tenth, one at least.</summary>
    public HashSet<int> Best() =>
    [
        .. Trials.OrderBy(trial => Maximize ? -trial.Value : trial.Value).Take(Math.Max(1, Trials.Count / 10))
            .Select(trial => trial.Number),
    ];

    private static async Task<IReadOnlyList<IReadOnlyList<object?>>> QueryAsync(ResultSource results, string sql,
        CancellationToken cancellation) =>
        (await results.QueryAsync(new ReadOnlyQuery(sql, MostRows), cancellation)).Rows;

    private static string Quoted(SweepRow sweep) => sweep.Sweep.Replace("'", "''", StringComparison.Ordinal);
}
