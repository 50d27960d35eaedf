using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles;

/// <summary>What a sweep file says, key by key, and where several say something else.</summary>
public static class SweepFileLeaves
{
    /// <summary>Keys with dots and their values as the file has them, in the order of the file; empty for what is no sweep file.</summary>
    public static IReadOnlyList<(string Path, string Text)> Of(string text) =>
        YamlReader.Read(SourceText.Of(text), new DiagnosticBag()) is FileMap file ? [.. Of(file)] : [];

    /// <summary>The keys that do not say the same in every file, in the order of the first that has them.</summary>
    public static IReadOnlyList<SettingDifference> Compare(IReadOnlyList<string> texts)
    {
        var read = texts.Select(Of).ToList();
        var files = read.Select(leaves => leaves.DistinctBy(leaf => leaf.Path).ToDictionary(leaf => leaf.Path, leaf => leaf.Text)).ToList();
        return
        [
            .. read.SelectMany(leaves => leaves).Select(leaf => leaf.Path).Distinct()
                .Select(path => new SettingDifference(path, [.. files.Select(file => file.GetValueOrDefault(path))]))
                .Where(setting => setting.Values.Distinct().Skip(1).Any()),
        ];
    }

    internal static IEnumerable<(string Path, string Text)> Of(FileNode node, string path = "") => node switch
    {
        FileMap { Entries.IsEmpty: false } map =>
            map.Entries.SelectMany(entry => Of(entry.Value, path.Length == 0 ? entry.Name : $"{path}.{entry.Name}")),
        FileList list when list.Items.Any(item => item is not FileScalar) =>
            list.Items.SelectMany((item, i) => Of(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{i + 1}"))),
        FileList list => [(path, $"[{string.Join(", ", list.Items.Cast<FileScalar>().Select(item => item.Text))}]")],
        FileScalar scalar => [(path, scalar.Text)],
        _ => [(path, "{}")],
    };
}

/// <param name="Key">With dots.</param>
/// <param name="Values">Of each file; null where it does not have the key.</param>
public sealed record SettingDifference(string Key, ImmutableArray<string?> Values);
