using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Results.Tables;

/// <summary>What trials can be filtered, sorted and shown by: columns of their own, the sweep's metric, and its parameters.</summary>
/// <param name="metric">The sweep's; its name means the trial's value.</param>
/// <param name="parameters">Names of parameters that its trials have.</param>
internal sealed class TrialColumns(string metric, IReadOnlyList<string> parameters)
{
    /// <summary>Names with what they are in SQL over the table <c>trial</c>.</summary>
    private static readonly Dictionary<string, string> Own = new(StringComparer.Ordinal)
    {
        ["number"] = "number",
        ["configuration"] = "configuration",
        ["state"] = "state",
        ["cause"] = "cause",
        ["value"] = "value",
        ["best_epoch"] = "value_epoch",
        ["epochs_done"] = "epoch",
        ["test_loss"] = "test_loss",
        ["test_accuracy"] = "test_accuracy",
        ["seed"] = "seed",
        ["attempts"] = "attempts",
        ["failures"] = "failures",
        ["worker"] = "worker",
        ["device"] = "device",
        ["created"] = "created",
        ["started"] = "started",
        ["finished"] = "finished",
        ["seconds"] = "round((julianday(finished) - julianday(started)) * 86400.0, 3)",
        ["origin"] = "origin",
        ["message"] = "message",
    };

    public static IEnumerable<string> OwnNames => Own.Keys;

    public IReadOnlyList<string> Parameters => parameters;

    /// <returns>SQL; null where there is no such name.</returns>
    public string? Find(string name) =>
        Own.GetValueOrDefault(name) ?? (parameters.Contains(name) ? $"json_extract(params, {Path(name)})" : name == metric ? Own["value"] : null);

    /// <summary>What to show of a name: a parameter as the JSON that it is.</summary>
    public (string Sql, bool IsJson)? Shown(string name) =>
        Own.TryGetValue(name, out var own) ? (own, false)
        : parameters.Contains(name) ? ($"params -> {Path(name)}", true)
        : name == metric ? (Own["value"], false)
        : null;

    public QueryRefusal Unknown(string name) => new($"there is no '{name}' among these trials", NearestName.Suggest(name, [.. Own.Keys, .. parameters, metric]));

    // Names are keys of a JSON object and may hold anything; in SQL a quote is doubled.
    private static string Path(string name) => $"'$.\"{name.Replace("'", "''", StringComparison.Ordinal)}\"'";

    internal readonly record struct QueryRefusal(string Message, string Hint);
}
