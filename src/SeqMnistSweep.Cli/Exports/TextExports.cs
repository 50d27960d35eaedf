using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>Tables as text, row by row. Reals have all their digits; NaN and the infinities, which JSON lacks, are text in it.</summary>
internal static class TextExports
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteCsvAsync(ExportTable table, Stream to)
    {
        await using var writer = new StreamWriter(to, leaveOpen: true) { NewLine = "\n" };
        await writer.WriteLineAsync(string.Join(',', table.Columns.Select(column => Quote(column.Name))));
        await foreach (var row in table.Rows)
        {
            await writer.WriteLineAsync(string.Join(',', row.Select(value => Quote(Text(value)))));
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

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
