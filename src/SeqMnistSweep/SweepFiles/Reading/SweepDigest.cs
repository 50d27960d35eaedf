using SeqMnistSweep.Files;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>SHA-256, as lower-case hexadecimal, over a canonical form of the file: keys sorted, no comments, aliases expanded, 1 and 1.0
/// told apart. Keys that change neither a trial nor its result are left out: those that mean nothing here, and words for people.</summary>
internal static class SweepDigest
{
    private static readonly HashSet<string> OnlyWords = ["name", "version", "description", "tags"];

    private static readonly HashSet<string> Content =
        [.. SweepKeys.ChildrenOf("").Where(key => !key.IsIgnored && !OnlyWords.Contains(key.Name)).Select(key => key.Name)];

    public static string Of(string name, FileMap file)
    {
        var kept = file.Entries.Where(entry => Content.Contains(entry.Name));
        return Digest.Of(Canonical(new FileMap(file.Span, [.. kept])) + ParameterValue.Of(name).ToJson());
    }

    private static string Canonical(FileNode node) => node switch
    {
        FileScalar scalar => (scalar.Value?.ToJson() ?? scalar.Text) + " ",
        FileList list => $"[{string.Concat(list.Items.Select(Canonical))}]",
        FileMap map => $"{{{string.Concat(map.Entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(Canonical))}}}",
        _ => "",
    };

    private static string Canonical(FileEntry entry) => $"{ParameterValue.Of(entry.Name).ToJson()}:{Canonical(entry.Value)}";
}
