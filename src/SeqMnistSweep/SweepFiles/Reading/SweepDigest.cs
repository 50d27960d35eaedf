using System.Text;
using SeqMnistSweep.Files;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>SHA-256, as lower-case hexadecimal, over a canonical form of the file: keys sorted, no comments, aliases expanded, 1 and 1.0
/// told apart, <c>x-</c> keys left out.</summary>
internal static class SweepDigest
{
    public static string Of(string name, FileMap file)
    {
        var text = new StringBuilder();
        Append(
            text,
            new FileMap(
                file.Span,
                [.. file.Entries.Where(entry => entry.Name != "name" && !entry.Name.StartsWith("x-", StringComparison.Ordinal))]));
        text.Append(ParameterValue.Of(name).ToJson());
        return Digest.Of(text.ToString());
    }

    private static void Append(StringBuilder text, FileNode node)
    {
        switch (node)
        {
            case FileScalar scalar:
                text.Append(scalar.Value?.ToJson() ?? scalar.Text).Append(' ');
                break;
            case FileList list:
                text.Append('[');
                foreach (var item in list.Items)
                {
                    Append(text, item);
                }

                text.Append(']');
                break;
            case FileMap map:
                text.Append('{');
                foreach (var entry in map.Entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
                {
                    text.Append(ParameterValue.Of(entry.Name).ToJson()).Append(':');
                    Append(text, entry.Value);
                }

                text.Append('}');
                break;
        }
    }
}
