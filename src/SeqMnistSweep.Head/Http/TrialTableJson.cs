using System.Text.Json;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Head.Http;

/// <summary>A page of trials as JSON: each column an array under its name, a parameter's values as the JSON that they are.</summary>
public static class TrialTableJson
{
    /// <summary>What <see cref="Write(TrialTable)"/> has written.</summary>
    public static TrialTable Read(JsonDocument json)
    {
        var root = json.RootElement;
        var parameters = root.GetProperty("parameters").EnumerateArray().Select(name => name.GetString()!).ToList();
        return new TrialTable(
            root.GetProperty("total").GetInt64(),
            root.GetProperty("matched").GetInt64(),
            root.GetProperty("next").GetString(),
            parameters,
            [.. root.GetProperty("columns").EnumerateObject().Select(column => (column, isJson: parameters.Contains(column.Name) && !TrialTable.OwnColumns.Contains(column.Name)))
                .Select(found => new TrialColumn(found.column.Name, found.isJson, [.. found.column.Value.EnumerateArray().Select(value => Value(value, found.isJson))]))]);
    }

    public static byte[] Write(TrialTable table)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("total", table.Total);
            writer.WriteNumber("matched", table.Matched);
            writer.WriteString("next", table.Next);
            writer.WriteStartArray("parameters");
            foreach (var name in table.Parameters)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("columns");
            foreach (var column in table.Columns)
            {
                writer.WriteStartArray(column.Name);
                foreach (var value in column.Values)
                {
                    Write(writer, value, column.IsJson);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static object? Value(JsonElement value, bool isJson) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        _ when isJson => value.GetRawText(),
        JsonValueKind.String => value.GetString(),
        _ => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
    };

    private static void Write(Utf8JsonWriter writer, object? value, bool isJson)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text when isJson: writer.WriteRawValue(text, skipInputValidation: true); break;
            case string text: writer.WriteStringValue(text); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case double real when double.IsFinite(real): writer.WriteNumberValue(real); break;
            default: writer.WriteNullValue(); break;
        }
    }
}
