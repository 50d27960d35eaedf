using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>The file's text before YAML sees it: line ends made one, a byte order mark removed, what needs no parser.</summary>
internal sealed class SourceText
{
    public const int MaxLength = 2_000_000;

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
            if ((c < ' ' && c is not ('\t' or '\n'))
                || c is '\u007F' or '\uFFFD' or '\uFEFF' or (>= '\u0080' and <= '\u009F' and not '\u0085') || LoneSurrogate(i))
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

    /// <summary>The innermost bracket that is open at the end, or where a bracket of the other kind closes; null when all that open at or
    /// after <paramref name="start"/> are closed.</summary>
    public (char Bracket, SourceSpan Span)? Unclosed(SourceSpan start)
    {
        var open = new Stack<(char Bracket, SourceSpan Span)>();
        for (var line = start.Line; line <= Lines.Length; line++)
        {
            var text = Lines[line - 1];
            for (var i = line == start.Line ? start.Column - 1 : 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '#' && i > 0 && text[i - 1] == ' ') break;

                if (c is '"' or '\'' && i > 0 && text[i - 1] is ' ' or '[' or '{' or ',')
                {
                    i = text.IndexOf(c, i + 1) is var end and >= 0 ? end : text.Length;
                }
                else if (c is '[' or '{')
                {
                    open.Push((c, new SourceSpan(line, i + 1, 1)));
                }
                else if (c is ']' or '}' && open.TryPop(out var last))
                {
                    if (last.Bracket != (c == ']' ? '[' : '{')) return last;

                    if (open.Count == 0) return null;
                }
            }
        }

        return open.TryPeek(out var innermost) ? innermost : null;
    }

    private bool LoneSurrogate(int i) =>
        char.IsSurrogate(Text[i])
        && !(char.IsHighSurrogate(Text[i]) && i + 1 < Text.Length && char.IsLowSurrogate(Text[i + 1]))
        && !(char.IsLowSurrogate(Text[i]) && i > 0 && char.IsHighSurrogate(Text[i - 1]));

    /// <summary>A stretch that stays within its line, wherever a parser says it is.</summary>
    public SourceSpan At(long line, long column, int length)
    {
        line = Math.Clamp(line, 1, Lines.Length);
        column = Math.Max(column, 1);
        var room = Math.Max(1, Lines[line - 1].Length - column + 1);
        return new SourceSpan((int)line, (int)column, (int)Math.Clamp(length, 1, room));
    }

    private SourceSpan At(int index)
    {
        var before = Text.AsSpan(0, index);
        return new SourceSpan(before.Count('\n') + 1, index - before.LastIndexOf('\n'), 1);
    }
}
