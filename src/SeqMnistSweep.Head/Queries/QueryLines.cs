using System.Text.Json;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Queries;

/// <summary>What the process of a query is told, on one line.</summary>
internal sealed record QueryTask(string Database, string Sql, int MaxRows, double Seconds);

/// <summary>How it went, on one line; after <see cref="QueryEnd.Answered"/> the result follows, as the head answers it.</summary>
internal sealed record QueryOutcome(QueryEnd End, string? Message = null, string? Hint = null, int? Position = null);

internal enum QueryEnd
{
    Answered,

    /// <summary>The query is wrong, or takes too much.</summary>
    Refused,

    /// <summary>The database cannot be read.</summary>
    Failed,
}

/// <summary>Between the head and the process of a query: lines of JSON.</summary>
internal static class QueryLines
{
    /// <summary>Said before a query begins: from here on its time counts.</summary>
    public const string Begins = "begins";

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, ResultJson.Options);

    /// <exception cref="JsonException">It is no such message.</exception>
    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, ResultJson.Options)!;
}
