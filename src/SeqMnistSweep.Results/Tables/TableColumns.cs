using System.Text.Encodings.Web;
using System.Text.Json;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results.Tables;

/// <summary>What trials can be filtered, sorted and shown by: columns of their own by bare names, parameters as <c>params.NAME</c>, the
/// sweep's metrics as <c>metrics.NAME</c>. A bare name is a parameter or metric only where nothing else has it.</summary>
/// <param name="metrics">The sweep's; the first is what a trial's value is of.</param>
/// <param name="parameters">Paths of parameters that its trials have.</param>
internal sealed class TableColumns(IReadOnlyList<string> metrics, IReadOnlyList<ImmutableArray<string>> parameters)
{
    private const string Report = "from report r where r.trial = trial.key and r.epoch = trial.value_epoch";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, TableColumn> Own =
        TrialShape.OfTable.Select(column => new TableColumn(column.Key, column.Value))
            .Append(new TableColumn("seconds", "iif(finished is null, null, round(run_seconds, 3))"))
            .Append(new TableColumn(TrialTable.Params, "params", IsJson: true))
            .Append(new TableColumn(TrialTable.Metrics, $"(select r.metrics {Report})", IsJson: true))
            .ToDictionary(column => column.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, ImmutableArray<string>> _parameters =
        parameters.DistinctBy(path => string.Join('.', path)).ToDictionary(path => string.Join('.', path), StringComparer.Ordinal);

    public static IEnumerable<string> OwnNames => Own.Keys;

    public IReadOnlyList<string> Parameters { get; } = [.. parameters.Select(path => string.Join('.', path)).Distinct()];

    /// <summary>Parameters by the shortest names that nothing else has, in their order.</summary>
    public IEnumerable<string> ParameterColumns => Parameters.Select(name =>
        TrialTable.NameOf(TrialTable.ParameterPrefix, name, name => Own.ContainsKey(name) || metrics.Contains(name)));

    /// <returns>Null where there is no such name.</returns>
    /// <exception cref="QueryException">The bare name is that of a parameter and that of a metric.</exception>
    public TableColumn? Find(string name)
    {
        if (Own.TryGetValue(name, out var own)) return own;

        if (After(TrialTable.ParameterPrefix, name) is { } parameter) return Parameter(name, parameter);

        if (After(TrialTable.MetricPrefix, name) is { } metric) return Metric(name, metric);

        var (first, second) = (Parameter(name, name), Metric(name, name));
        return first is not null && second is not null
            ? throw new QueryException(
                $"'{name}' is a parameter and a metric of this sweep",
                $"write {TrialTable.ParameterPrefix}{name} or {TrialTable.MetricPrefix}{name}")
            : first ?? second;
    }

    /// <summary>The columns that one name asks for: <c>params.*</c> and <c>metrics.*</c> are all of them.</summary>
    public IEnumerable<TableColumn> Shown(string name) => name switch
    {
        TrialTable.ParameterPrefix + "*" => Parameters.Select(one => Find(TrialTable.ParameterPrefix + one)!),
        TrialTable.MetricPrefix + "*" => metrics.Select(one => Find(TrialTable.MetricPrefix + one)!),
        _ => [Find(name) ?? throw Unknown(name)],
    };

    public QueryException Unknown(string name, string? message = null, int? position = null) => new(
        message ?? $"there is no '{name}' among these trials",
        NearestName.Suggest(name, [.. OwnNames.Concat(ParameterColumns).Concat(metrics).Distinct()]),
        position);

    /// <param name="path">Names of a parameter's maps, and then its own.</param>
    public static string ParameterSql(IEnumerable<string> path) =>
        $"json_extract(params, {Quoted("$" + string.Concat(path.Select(part => "." + JsonSerializer.Serialize(part, Relaxed))))})";

    private static string? After(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private TableColumn? Parameter(string asked, string name) => _parameters.TryGetValue(name, out var path)
        ? new TableColumn(asked, ParameterSql(path), IsJson: true, Path: path)
        : null;

    private TableColumn? Metric(string asked, string name) => !metrics.Contains(name) ? null
        : name == metrics[0] ? Own["value"] with { Name = asked }
        : new TableColumn(asked, $"(select iif(m.type in ('real', 'integer'), m.value, null) {Report.Replace(
            " where ", $", json_each(r.metrics) m where m.key = {Quoted(name)} and ", StringComparison.Ordinal)})");
}

/// <param name="Name">As it was asked for.</param>
/// <param name="Sql">Over the columns of the table <c>trial</c>: what is compared.</param>
/// <param name="IsJson">What is shown is JSON.</param>
/// <param name="Path">Of a parameter; its value is shown out of <c>params</c>.</param>
internal sealed record TableColumn(string Name, string Sql, bool IsJson = false, ImmutableArray<string>? Path = null);
