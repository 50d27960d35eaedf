namespace SeqMnistSweep.Results.Tables;

/// <summary>Which trials of a sweep, in which order, and what of them.</summary>
/// <param name="Where">An expression over columns and parameters, such as <c>lr &lt; 1e-3 and state == 'failed'</c>; null for all.</param>
/// <param name="Sort">A column or parameter, after a minus from the largest down; null is by number. What has no value comes last either
/// way.</param>
/// <param name="Columns">What to give; null gives what a table shows.</param>
/// <param name="Cursor">Goes on after a page, by its <see cref="TrialTable.Next"/>.</param>
/// <param name="Offset">Rows to skip; with a cursor, after it.</param>
public sealed record TrialTableRequest(
    string? Where = null, string? Sort = null, IReadOnlyList<string>? Columns = null, string? Cursor = null, int Offset = 0,
    int Limit = 200);

/// <summary>Trials column by column.</summary>
/// <param name="Total">Trials of the sweep.</param>
/// <param name="Matched">Those that the filter leaves.</param>
/// <param name="Next">Where to go on; null at the end.</param>
/// <param name="Parameters">Every parameter that the trials have, asked for or not.</param>
public sealed record TrialTable(
    long Total, long Matched, string? Next, IReadOnlyList<string> Parameters, IReadOnlyList<TrialColumn> Columns)
{
    /// <summary>Columns of the trials' own; a parameter of the same name is shown by its sweep's filter only.</summary>
    public static IEnumerable<string> OwnColumns => TableColumns.OwnNames;
}

/// <param name="IsJson">The values are texts of JSON.</param>
public sealed record TrialColumn(string Name, bool IsJson, IReadOnlyList<object?> Values);
