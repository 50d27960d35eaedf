namespace SeqMnistSweep.Results.Reading;

/// <summary>What a query gave.</summary>
/// <param name="Columns">Names, as the query gave them; they may repeat.</param>
/// <param name="Rows">Values in the columns' order: null, long, double, string or byte[].</param>
/// <param name="More">Whether the query has rows beyond the limit, of rows or of bytes.</param>
public sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, bool More);

/// <summary>A query was refused, is wrong, or took too long. Nothing of its result is given.</summary>
/// <param name="position">Where in the text, in characters from 0, when SQLite can tell.</param>
public sealed class QueryException(string message, string? hint = null, int? position = null) : Exception(message)
{
    /// <summary>What to do about it; null where nothing is known.</summary>
    public string? Hint { get; } = hint;

    /// <summary>Where in the query, counted in characters from 0; null where SQLite does not say.</summary>
    public int? Position { get; } = position;

    /// <summary>Of a query that did not end in its time.</summary>
    public static QueryException Late(TimeSpan time) =>
        new($"the query was stopped after {time.TotalSeconds:0.###} s", "allow more with --timeout, or ask for less");
}
