using Spectre.Console;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>A line of a screen, in parts of a style each; an empty style is the terminal's own.</summary>
internal sealed record Line(params (string Text, string Style)[] Parts)
{
    public static Line Empty { get; } = new();

    public Line(string text, string style = "")
        : this((text, style))
    {
    }

    public string Text => string.Concat(Parts.Select(part => part.Text));

    /// <summary>Markup of at most <paramref name="width"/> columns: a line that wraps would move everything below it.</summary>
    public string ToMarkup(int width, bool unicode)
    {
        var left = width;
        var markup = new List<string>();
        foreach (var (text, style) in Parts)
        {
            var plain = TableOutput.Plain(text);
            var shown = Markup.Escape(TableOutput.Cut(plain, Math.Max(1, left), unicode));
            markup.Add(style.Length > 0 ? $"[{style}]{shown}[/]" : shown);
            left -= plain.Length;
            if (left <= 0) break;
        }

        return string.Concat(markup);
    }

    /// <summary>A screen of so many lines, the last of which are <paramref name="foot"/>.</summary>
    public static IReadOnlyList<Line> Fill(IReadOnlyList<Line> lines, int height, IReadOnlyList<Line> foot)
    {
        var room = Math.Max(0, height - foot.Count);
        return [.. lines.Take(room), .. Enumerable.Repeat(Empty, Math.Max(0, room - lines.Count)), .. foot];
    }

    /// <summary>A table as lines, its head in bold; what has no room at the right is left out.</summary>
    public static IEnumerable<Line> Of(TableOutput table, int width, bool unicode)
    {
        using var text = new StringWriter();
        table.Write(text, OutputFormat.Table, new ConsoleProfile(true, false, false, unicode, width));
        return text.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n').Select((line, i) => new Line(line, i == 0 ? "bold" : ""));
    }
}
