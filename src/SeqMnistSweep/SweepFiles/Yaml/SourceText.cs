using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>The file's text before YAML sees it: line ends made one, a byte order mark removed, and what can be said without a parser.</summary>
internal sealed class SourceText
{
    public const int MaxLength = 4_000_000;

    private SourceText(string text)
    {
        Text = text;
        Lines = text.Split('\n');
    }

    public string Text { get; }

    public string[] Lines { get; }

    public static SourceText Of(string text)
    {
        if (text.StartsWith('\uFEFF'))
        {
            text = text[1..];
        }

        return new SourceText(text.Contains('\r') ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text);
    }

    /// <summary>The first character that YAML does not allow, or that stands for bytes that were not UTF-8.</summary>
    public (SourceSpan Span, char Character)? ForbiddenCharacter()
    {
        for (var i = 0; i < Text.Length; i++)
        {
            var c = Text[i];
            if ((c < ' ' && c is not ('\t' or '\n')) || c is '\u007F' or '\uFFFD' or '\uFEFF' or (>= '\u0080' and <= '\u009F' and not '\u0085') || LoneSurrogate(i))
            {
                return (At(i), c);
            }
        }

        return null;
    }

    /// <summary>The first tab of every line that is indented with one; lines of comments or blanks may be.</summary>
    public IEnumerable<SourceSpan> IndentingTabs()
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            var content = Lines[i].AsSpan().TrimStart(" \t");
            var tab = Lines[i].AsSpan(0, Lines[i].Length - content.Length).IndexOf('\t');
            if (tab >= 0 && content.Length > 0 && content[0] != '#')
            {
                yield return new SourceSpan(i + 1, tab + 1, 1);
            }
        }
    }

    /// <summary>The text with every indenting tab as one space, so that columns stay and the rest of the file can be looked at.</summary>
    public SourceText WithoutIndentingTabs() => new(string.Join('\n', Lines.Select(line =>
    {
        var indent = line.Length - line.AsSpan().TrimStart(" \t").Length;
        return line[..indent].Replace('\t', ' ') + line[indent..];
    })));

    private bool LoneSurrogate(int i) =>
        char.IsSurrogate(Text[i])
        && !(char.IsHighSurrogate(Text[i]) && i + 1 < Text.Length && char.IsLowSurrogate(Text[i + 1]))
        && !(char.IsLowSurrogate(Text[i]) && i > 0 && char.IsHighSurrogate(Text[i - 1]));

    private SourceSpan At(int index)
    {
        var before = Text.AsSpan(0, index);
        return new SourceSpan(before.Count('\n') + 1, index - before.LastIndexOf('\n'), 1);
    }
}
