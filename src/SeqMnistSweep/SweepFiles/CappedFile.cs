using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles;

/// <summary>A sweep file with a smaller <c>run_cap</c>, as if it had been written so.</summary>
public static class CappedFile
{
    /// <summary>The file itself where it has errors, or tries no more than that.</summary>
    /// <param name="cap">Configurations, 1 or more.</param>
    /// <returns>Null where the text has no place that can be found for it.</returns>
    public static SweepFileResult? Of(SweepFileResult file, int cap)
    {
        if (file.Definition is not { } definition || definition.RunCap <= cap) return file;

        return Texts(file.Source, cap).Select(text => SweepFile.Parse(text, file.FileName))
            .FirstOrDefault(result => result.Definition?.RunCap == cap);
    }

    /// <summary>After the last key, before the first one, in the braces, in place of what the key says: the first that makes a sweep is
    /// meant.</summary>
    private static IEnumerable<string> Texts(string source, int cap)
    {
        if (YamlReader.Read(SourceText.Of(source), new DiagnosticBag()) is not FileMap { Entries: [var first, ..] } file) yield break;

        var key = string.Create(CultureInfo.InvariantCulture, $"run_cap: {cap}");
        var indent = new string(' ', first.Key.Span.Column - 1);
        yield return $"{source.TrimEnd('\n')}\n{indent}{key}\n";

        var start = Offset(source, first.Key.Span);
        yield return source.Insert(start, $"{key}\n{indent}");
        yield return source.Insert(start, $"{key}, ");
        if (file.Find("run_cap") is not { } entry) yield break;

        start = Offset(source, entry.Value.Span);
        yield return source.Remove(start, entry.Value.Span.Length).Insert(start, $"{cap}");
        start = Offset(source, entry.Key.Span);
        var end = source.IndexOf('\n', start);
        yield return source[..start] + key + (end < 0 ? "" : source[end..]);
    }

    private static int Offset(string source, SourceSpan span)
    {
        var line = 0;
        for (var i = 1; i < span.Line; i++)
        {
            line = source.IndexOf('\n', line) + 1;
        }

        return line + span.Column - 1;
    }
}
