namespace SeqMnistSweep.Cli.Imports;

/// <summary>Runs out of a table of this program's or another tool's.</summary>
internal sealed class TableRuns
{
    private readonly ForeignTable _table;
    private readonly TableDialect _dialect;
    private readonly SearchSpace? _space;
    private readonly int _value;
    private readonly int _state;
    private readonly List<string?> _parameters;
    private readonly List<string?> _metrics;
    private readonly HashSet<string> _noMetrics;
    private readonly int _name;
    private readonly (int Begin, int End, int Seconds) _times;

    private TableRuns(ForeignTable table, string metric, SweepDefinition? sweep, IReadOnlyCollection<string> named)
    {
        (_table, _dialect, _space) = (table, TableDialect.Of(table), sweep?.Space);
        _value = table.Require(
            table.Head.Contains(metric) ? metric
            : table.Head.Contains($"summary.{metric}") ? $"summary.{metric}"
            : _dialect.TypesByQuotes ? "value" // of an export, whatever its metric is called
            : metric);
        _state = _dialect.State is { } column ? table.Require(column) : -1;
        _name = At(TableDialect.Names);
        _times = (At(_dialect.Times.Begin), At(_dialect.Times.End), At(_dialect.Times.Seconds));
        _parameters = [.. table.Head.Select((name, i) => i == _value || IsOtherMetric(name) ? null : ParameterOf(name, named))];
        _noMetrics = [.. table.Head.Where((_, i) => _parameters[i] is not null)];
        _metrics = [.. table.Head.Select((name, i) =>
            _parameters[i] is not null || i == _name ? null : i == _value ? metric : _dialect.Metric(name))];

        int At(string[] columns) => columns.Select(table.IndexOf).FirstOrDefault(at => at >= 0, -1);
        bool IsOtherMetric(string name) => _dialect.TypesByQuotes && sweep?.Metrics.Any(metric => metric.Name == name) == true;
    }

    /// <summary>The columns that were taken for parameters.</summary>
    public IEnumerable<string> Parameters => _parameters.OfType<string>();

    /// <summary>Whether nothing in the table says which columns are parameters, but their names.</summary>
    public bool IsGuess => _dialect.Measured.Count > 0 && _space is null;

    public IReadOnlyList<ForeignRun> Runs => [.. _table.Rows.Select((row, i) => RunOf(row, _table.Curves?[i] ?? []))];

    /// <param name="metric">The column with the values.</param>
    /// <param name="sweep">Says what the values are; null where it is not known, then their look does.</param>
    /// <param name="named">The columns that are parameters; empty leaves it to the table.</param>
    /// <exception cref="CommandError">There is no such column.</exception>
    public static TableRuns Of(ForeignTable table, string metric, SweepDefinition? sweep, IReadOnlyCollection<string>? named = null) =>
        new(table, metric, sweep, named ?? []);

    private string? ParameterOf(string column, IReadOnlyCollection<string> named)
    {
        var parameter = _dialect.Parameter(column, _space);
        return named.Count == 0 ? parameter
            : named.Contains(column) ? parameter ?? column
            : parameter is not null && named.Contains(parameter) ? parameter
            : null;
    }

    private ForeignRun RunOf(IReadOnlyList<ForeignCell> row, IReadOnlyList<CurvePoint> curve)
    {
        var (started, finished) = Times(row);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < row.Count; i++)
        {
            if (_metrics[i] is { } name && row[i].Number is { } number)
            {
                metrics[name] = number;
            }
        }

        return new ForeignRun(
            _name >= 0 && row[_name].Text.Length > 0 ? row[_name].Text : null, Point(row),
            _state < 0 ? RunEnd.Finished : TableDialect.EndOf(row[_state].Text), _state < 0 ? "" : row[_state].Text, row[_value].Number)
        {
            Metrics = metrics,
            Curve = [.. curve.Select(point => point with
            {
                Metrics = point.Metrics.Where(metric => _dialect.Metric(metric.Key) is not null && !_noMetrics.Contains(metric.Key))
                    .ToImmutableSortedDictionary(),
            }).Where(point => point.Metrics.Count > 0)],
            Started = started,
            Finished = finished,
        };
    }

    private (DateTimeOffset? Started, DateTimeOffset? Finished) Times(IReadOnlyList<ForeignCell> row)
    {
        var (begin, end) = (Cell(_times.Begin)?.Time, Cell(_times.End)?.Time);
        var seconds = Cell(_times.Seconds)?.Number is { } number and >= 0 and < 1e9 ? TimeSpan.FromSeconds(number) : TimeSpan.Zero;
        return (begin ?? end - seconds, end ?? begin + seconds);

        ForeignCell? Cell(int at) => at < 0 ? null : row[at];
    }

    private ParameterSet Point(IReadOnlyList<ForeignCell> row)
    {
        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        var nulls = new List<string>();
        for (var i = 0; i < row.Count; i++)
        {
            if (_parameters[i] is not { } name) continue;

            if (row[i].Json?.Kind == ParameterKind.Null && !_dialect.HasNulls)
            {
                nulls.Add(name);
            }
            else if (ValueOf(row[i], _dialect.TypesByQuotes) is { } value)
            {
                values.TryAdd(name, ValueText.Settle(_space, name, value, row[i].Text, row[i].Json is null));
            }
        }

        return FlatParameters.Nest(FlatParameters.WithNulls(new ParameterSet(values), nulls, _space), _space);
    }

    /// <summary>Null where there is none. Quotes say nothing of what may be a list.</summary>
    private static ParameterValue? ValueOf(ForeignCell cell, bool typesByQuotes) =>
        cell.Json is { } json ? json
        : cell.IsQuoted && typesByQuotes && cell.Text is not ['[' or '{', ..] ? ParameterValue.Of(cell.Text)
        : cell.Text.Length == 0 ? null
        : ValueText.Guess(cell.Text);
}
