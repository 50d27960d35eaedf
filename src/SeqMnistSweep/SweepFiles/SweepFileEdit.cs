using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles;

/// <summary>Changes one key of a sweep file's text and leaves everything else as it was written, remarks included.</summary>
public static class SweepFileEdit
{
    private const string Parameters = "parameters";

    /// <param name="text">A sweep file.</param>
    /// <param name="path">A key of the file, or one of a parameter: <c>run_cap</c>, <c>lr.max</c>.</param>
    /// <param name="value">What it is to be, as the file would have it: <c>0.1</c>, <c>[1, 2]</c>.</param>
    /// <returns>Null where that cannot be done without a look at the whole: an alias stands there, or the text is no sweep file.</returns>
    public static string? Set(string text, string path, string value)
    {
        var source = SourceText.Of(text);
        if (YamlReader.Read(source, new DiagnosticBag()) is not FileMap root) return null;

        var names = PathOf(root, path);
        var changed = Change(source, root, names, value);
        return changed is not null && IsThat(root, changed, names, value) ? changed : null;
    }

    /// <summary>From the root; within parameters of a parameter their own <c>parameters</c> go without saying, too.</summary>
    private static List<string> PathOf(FileMap root, string path)
    {
        var given = path.Split('.');
        var names = new List<string>();
        if (root.Find(given[0]) is null && !SweepKeys.All.Any(key => key.Path.Split('.')[0] == given[0]))
        {
            names.Add(Parameters);
        }

        foreach (var name in given)
        {
            if (names.Count > 1 && Find(root, names) is FileMap at && at.Find(name) is null && at.Find(Parameters) is not null)
            {
                names.Add(Parameters);
            }

            names.Add(name);
        }

        return names;
    }

    private static FileNode? Find(FileMap root, IEnumerable<string> names) =>
        names.Aggregate((FileNode?)root, (node, name) => (node as FileMap)?.Find(name)?.Value);

    private static string? Change(SourceText source, FileMap root, List<string> names, string value)
    {
        var map = root;
        for (var i = 0; i < names.Count; i++)
        {
            if (map.Find(names[i]) is not { } entry)
            {
                var inner = names.Skip(i + 1).Reverse().Aggregate(value, (within, name) => $"{{{name}: {within}}}");
                return Insert(source, map, isRoot: i == 0, $"{names[i]}: {inner}");
            }

            if (i == names.Count - 1) return Replace(source, entry, value);

            if (entry.Value is not FileMap next) return null;

            map = next;
        }

        return null;
    }

    private static string? Insert(SourceText source, FileMap map, bool isRoot, string entry)
    {
        var (lines, at) = (source.Lines.ToList(), map.Span);
        var line = lines[at.Line - 1];
        if (line.AsSpan(at.Column - 1) is ['{', ..])
        {
            lines[at.Line - 1] = line.Insert(at.Column, map.Entries.IsEmpty ? entry : $"{entry}, ");
        }
        else if (isRoot)
        {
            return $"{source.Text.TrimEnd()}\n{entry}\n";
        }
        else
        {
            var first = map.Entries[0].Key.Span;
            lines.Insert(first.Line - 1, new string(' ', first.Column - 1) + entry);
        }

        return string.Join('\n', lines);
    }

    private static string Replace(SourceText source, FileEntry entry, string value)
    {
        var (lines, key, old) = (source.Lines.ToList(), entry.Key.Span, entry.Value.Span);
        var line = lines[key.Line - 1];
        var isFlow = line.AsSpan(0, key.Column - 1).IndexOfAny('{', '[') >= 0;
        if (old.Line == key.Line && (isFlow || !IsBelow(lines, key.Line, entry)))
        {
            lines[key.Line - 1] = line[..(old.Column - 1)] + value + line[Math.Min(line.Length, old.Column - 1 + old.Length)..];
            return string.Join('\n', lines);
        }

        while (IsBelow(lines, key.Line, entry))
        {
            lines.RemoveAt(key.Line);
        }

        lines[key.Line - 1] = $"{line[..(key.Column - 1 + key.Length)]}: {value}";
        return string.Join('\n', lines);
    }

    /// <summary>Whether the next line still belongs to the entry's value.</summary>
    private static bool IsBelow(List<string> lines, int line, FileEntry entry)
    {
        if (line >= lines.Count) return false;

        var content = lines[line].TrimStart();
        var indent = lines[line].Length - content.Length;
        return content.Length > 0
            && (indent >= entry.Key.Span.Column || (indent == entry.Key.Span.Column - 1 && entry.Value is FileList && content[0] == '-'));
    }

    /// <summary>Whether the text says the wanted at its place, and else what it said before.</summary>
    private static bool IsThat(FileMap before, string changed, List<string> names, string value)
    {
        if (YamlReader.Read(SourceText.Of(changed), new DiagnosticBag()) is not FileMap after) return false;

        var path = string.Join('.', names);
        var wanted = YamlReader.Read(SourceText.Of($"{path}: {value}"), new DiagnosticBag()) as FileMap;
        return Others(before).SequenceEqual(Others(after)) && wanted?.Entries is [{ Value: var one }]
            && SweepFileLeaves.Of(one, path).SequenceEqual(SweepFileLeaves.Of(after).Where(IsThere));

        bool IsThere((string Path, string Text) leaf) => leaf.Path == path || leaf.Path.StartsWith(path + ".", StringComparison.Ordinal);
        IEnumerable<(string, string)> Others(FileMap file) => SweepFileLeaves.Of(file).Where(leaf => !IsThere(leaf)).Order();
    }
}
