using System.Text.Json;
using System.Text.Json.Serialization;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Results;

/// <summary>The database's form of a sweep's edits: <c>{"run_cap":40}</c>, times as <c>hh:mm:ss</c>, <c>{}</c> for none.</summary>
internal static class EditsJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(SweepEdits edits) => edits == SweepEdits.None ? "{}" : JsonSerializer.Serialize(edits, Options);

    public static SweepEdits Read(string json) => json == "{}" ? SweepEdits.None : JsonSerializer.Deserialize<SweepEdits>(json, Options)!;
}
