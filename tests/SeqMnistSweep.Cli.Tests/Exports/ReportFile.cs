using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SeqMnistSweep.Cli.Tests.Exports;

/// <summary>What is packed into a report.</summary>
internal static partial class ReportFile
{
    public static IReadOnlyList<JsonNode> PartsOf(string html) =>
        [.. Packed().Matches(html).Select(match => Unpacked(Convert.FromBase64String(match.Groups[1].Value)))];

    private static JsonNode Unpacked(byte[] bytes)
    {
        using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return JsonNode.Parse(stream)!;
    }

    [GeneratedRegex("<script type=\"application/gzip\">([^<]*)</script>")]
    private static partial Regex Packed();
}
