using System.Text;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>CSV as of RFC 4180: a field in quotes may hold commas, line ends and doubled quotes. Lines end with LF, CRLF or CR.</summary>
internal static class CsvText
{
    /// <summary>Lines that hold anything, with the numbers by which an editor knows their beginnings.</summary>
    /// <exception cref="CommandError">A quote is never closed.</exception>
    public static IEnumerable<(int Number, List<Field> Fields)> Lines(string text)
    {
        var (number, begun, at) = (1, 1, 0);
        var fields = new List<Field>();
        while (at < text.Length)
        {
            var field = text[at] == '"' ? Quoted(text, ref at, ref number, begun) : new Field("", IsQuoted: false);
            var rest = at;
            while (at < text.Length && text[at] is not (',' or '\n' or '\r'))
            {
                at++;
            }

            fields.Add(field with { Text = field.Text + text[rest..at] });
            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length) continue;

                fields.Add(new Field("", IsQuoted: false));
            }

            at += at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
            number++;
            if (fields is not [{ Text: "", IsQuoted: false }]) yield return (begun, fields);

            (begun, fields) = (number, []);
        }
    }

    private static Field Quoted(string text, ref int at, ref int number, int begun)
    {
        var content = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                if (at == text.Length || text[at] != '"') return new Field(content.ToString(), IsQuoted: true);
            }

            number += text[at] == '\n' ? 1 : 0;
            content.Append(text[at]);
        }

        throw new CommandError(ExitCodes.Usage, $"line {begun} has a quote that is never closed", "a quote within quotes is written twice");
    }

    internal sealed record Field(string Text, bool IsQuoted);
}
