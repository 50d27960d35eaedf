using System.Text.Json;
using SeqMnistSweep.Files;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Live;

/// <summary>How results are written as JSON over HTTP, and read back: the rows' properties in snake case, numbers that JSON lacks as text.</summary>
public static class ResultJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonPolicy.Records)
    {
        Converters = { new QueryResultConverter(), new JsonTextConverter<SweepId>(SweepId.Parse), new JsonTextConverter<TrialId>(TrialId.Parse) },
    };
}

/// <param name="Code">A stable word such as <c>not_found</c>.</param>
/// <param name="Position">Where in the query, in characters from 0, when that is known.</param>
public sealed record ErrorBody(string Code, string Message, string? Hint = null, int? Position = null);

/// <summary>Every answer that is no success has this body.</summary>
public sealed record ErrorAnswer(ErrorBody Error);

/// <summary>What <c>POST /api/v1/query</c> takes.</summary>
/// <param name="TimeoutMs">At most a minute is given.</param>
public sealed record QueryRequest(string Sql, int MaxRows = 1000, int TimeoutMs = 10_000);
