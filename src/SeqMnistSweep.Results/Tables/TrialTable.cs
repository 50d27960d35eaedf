using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results.Tables;

/// <summary>Which trials of a sweep, in which order, and what of them.</summary>
/// <param name="Where">An expression over columns and parameters, such as <c>lr &lt; 1e-3 and state == 'failed'</c>; null for all.</param>
/// <param name="Sort">A column or parameter, after a minus from the largest down; <see cref="Best"/> is by the value and the sweep's goal,
/// null by number. What has no value comes last in any order.</param>
/// <param name="Columns">What to give; <c>params.*</c> and <c>metrics.*</c> are all of them. Null gives what a table shows.</param>
/// <param name="Cursor">Goes on after a page, by its <see cref="TrialTable.Next"/>.</param>
/// <param name="Offset">Rows to skip; with a cursor, after it.</param>
public sealed record TrialTableRequest(
    string? Where = null, string? Sort = null, IReadOnlyList<string>? Columns = null, string? Cursor = null, int Offset = 0,
    int Limit = 200)
{
    /// <summary>The order from the best value to the worst.</summary>
    public const string Best = "best";
}

/// <summary>Trials column by column.</summary>
/// <param name="Total">Trials of the sweep.</param>
/// <param name="Matched">Those that the filter leaves.</param>
/// <param name="Next">Where to go on; null at the end.</param>
/// <param name="Parameters">Every parameter that the trials have, asked for or not; nested ones by dotted names.</param>
public sealed record TrialTable(
    long Total, long Matched, string? Next, IReadOnlyList<string> Parameters, IReadOnlyList<TrialColumn> Columns)
{
    /// <summary>Before a parameter's name: no column of the trials' own has a name with a dot.</summary>
    public const string ParameterPrefix = "params.";

    /// <summary>Before the name of one of the sweep's metrics.</summary>
    public const string MetricPrefix = "metrics.";

    /// <summary>The column of whole configurations, JSON objects.</summary>
    public const string Params = "params";

    /// <summary>The column of all that was reported at the epoch of the value, JSON objects.</summary>
    public const string Metrics = "metrics";

    /// <summary>Columns of the trials' own.</summary>
    public static IEnumerable<string> OwnColumns => TableColumns.OwnNames;

    /// <summary>Whether a trial has a column of that name anywhere: here, in the view <c>trials</c>, or in the table.</summary>
    public static bool IsColumn(string name) =>
        OwnColumns.Contains(name) || TrialShape.ViewColumns.Contains(name) || TrialValues.Names.Contains(name);

    /// <summary>The bare name where nothing else has it, else the name with its prefix, which nothing else can have.</summary>
    public static string NameOf(string prefix, string name, Func<string, bool> isTaken) =>
        isTaken(name) || name.StartsWith(ParameterPrefix, StringComparison.Ordinal)
            || name.StartsWith(MetricPrefix, StringComparison.Ordinal)
            ? prefix + name
            : name;
}

/// <param name="IsJson">The values are texts of JSON.</param>
public sealed record TrialColumn(string Name, bool IsJson, IReadOnlyList<object?> Values);
