using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results.Tables;

/// <summary>What trials can be filtered, sorted and shown by: columns of their own, the sweep's metric, and its parameters.</summary>
/// <param name="metric">The sweep's; its name means the trial's value.</param>
/// <param name="parameters">Names of parameters that its trials have.</param>
internal sealed class TableColumns(string metric, IReadOnlyList<string> parameters)
{
    private static readonly Dictionary<string, string> Own = new(TrialShape.OfTable, StringComparer.Ordinal)
    {
        ["seconds"] = "iif(finished is null, null, round(run_seconds, 3))",
    };

    public static IEnumerable<string> OwnNames => Own.Keys;

    public IReadOnlyList<string> Parameters => parameters;

    /// <returns>SQL; null where there is no such name.</returns>
    public string? Find(string name) =>
        Own.GetValueOrDefault(name) ?? (
            parameters.Contains(name) ? $"json_extract(params, {Path(name)})" : name == metric ? Own["value"] : null);

    /// <summary>What to show of a name: a parameter as the JSON that it is.</summary>
    public (string Sql, bool IsJson)? Shown(string name) =>
        Own.TryGetValue(name, out var own) ? (own, false)
        : parameters.Contains(name) ? ($"params -> {Path(name)}", true)
        : name == metric ? (Own["value"], false)
        : null;

    public QueryException Unknown(string name) =>
        new($"there is no '{name}' among these trials", NearestName.Suggest(name, [.. Own.Keys, .. parameters, metric]));

    // Names are keys of a JSON object and may hold anything; in SQL a quote is doubled.
    private static string Path(string name) => $"'$.\"{name.Replace("'", "''", StringComparison.Ordinal)}\"'";
}
