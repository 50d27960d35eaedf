namespace SeqMnistSweep.Cli.Console;

/// <summary>Breaks text at spaces alone: a path or an address that is longer than the line is to be copied whole.</summary>
internal static class WordWrap
{
    /// <param name="width">Columns of every line, where the words allow it.</param>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var start = 0;
        while (text.Length - start > width)
        {
            // The last space that leaves a line which fits; else the first one after it.
            var space = text.LastIndexOf(' ', start + width, width + 1);
            if (space <= start || text.AsSpan(start, space - start).IsWhiteSpace())
            {
                space = text.IndexOf(' ', start + width);
            }

            if (space < 0) break;

            yield return text[start..space].TrimEnd();
            start = space;
            while (start < text.Length && text[start] == ' ')
            {
                start++;
            }
        }

        if (start < text.Length || start == 0)
        {
            yield return text[start..];
        }
    }
}
