using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>Tables as text, row by row. Reals have all their digits; NaN and the infinities, which JSON lacks, are text in it. Parameters
/// are JSON in JSON; in CSV a text that could be read as something else stands in quotes, one that a spreadsheet would compute
/// behind a quotation mark, and nothing is a parameter that is not there.</summary>
internal static class TextExports
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteCsvAsync(ExportTable table, Stream to)
    {
        await using var writer = new StreamWriter(to, leaveOpen: true) { NewLine = "\n" };
        await writer.WriteLineAsync(string.Join(',', table.Columns.Select(column => Quote(CsvField.Harmless(column.Name)))));
        await foreach (var row in table.Rows)
        {
            await writer.WriteLineAsync(string.Join(',', row.Select(Field)));
        }
    }

    /// <param name="lines">One object a line; otherwise one list.</param>
    public static async Task WriteJsonAsync(ExportTable table, Stream to, bool lines)
    {
        var separator = lines ? "\n"u8.ToArray() : ",\n"u8.ToArray();
        var first = true;
        if (!lines)
        {
            await to.WriteAsync("[\n"u8.ToArray());
        }

        await foreach (var row in table.Rows)
        {
            if (!first)
            {
                await to.WriteAsync(separator);
            }

            first = false;
            await to.WriteAsync(Row(table, row));
        }

        await to.WriteAsync(lines ? (first ? [] : "\n"u8.ToArray()) : "\n]\n"u8.ToArray());
    }

    private static byte[] Row(ExportTable table, object?[] row)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
            {
                switch (row[i])
                {
                    case ParameterValue value:
                        writer.WritePropertyName(table.Columns[i].Name);
                        value.WriteTo(writer);
                        break;
                    case null: writer.WriteNull(table.Columns[i].Name); break;
                    case long whole: writer.WriteNumber(table.Columns[i].Name, whole); break;
                    case double real when double.IsFinite(real): writer.WriteNumber(table.Columns[i].Name, real); break;
                    default: writer.WriteString(table.Columns[i].Name, Text(row[i])); break;
                }
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private static string Field(object? value) => value is ParameterValue { Kind: ParameterKind.Text } text && MayMislead(text.AsText())
        ? $"\"{Escaped(CsvField.Harmless(text.AsText()))}\""
        : Quote(value is long or double or null ? Text(value) : CsvField.Harmless(Text(value)));

    /// <summary>Whether a text reads as another kind of value, or as none.</summary>
    private static bool MayMislead(string text) => text.Length == 0 || ValueText.Guess(text).Kind != ParameterKind.Text;

    private static string Escaped(string text) => text.Replace("\"", "\"\"", StringComparison.Ordinal);

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{Escaped(text)}\"";
}
