using System.Text.Json;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results.Rows;

/// <summary>The column <c>tags</c>: a JSON list of texts.</summary>
public static class TagsJson
{
    /// <summary>In their order.</summary>
    public static string Write(IEnumerable<string> tags) => JsonSerializer.Serialize(tags, JsonPolicy.CompactRecords);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static ImmutableArray<string> Read(string json) => [.. JsonSerializer.Deserialize<string[]>(json)!];
}
