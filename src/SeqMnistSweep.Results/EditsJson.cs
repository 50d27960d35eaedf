using System.Text.Json;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results;

/// <summary>The database's form of a sweep's edits: <c>{"run_cap":40}</c>, times as <c>hh:mm:ss</c>, <c>{}</c> for none.</summary>
internal static class EditsJson
{
    public static string Write(SweepEdits edits) =>
        edits == SweepEdits.None ? "{}" : JsonSerializer.Serialize(edits, JsonPolicy.CompactRecords);

    public static SweepEdits Read(string json) =>
        json == "{}" ? SweepEdits.None : JsonSerializer.Deserialize<SweepEdits>(json, JsonPolicy.CompactRecords)!;
}
