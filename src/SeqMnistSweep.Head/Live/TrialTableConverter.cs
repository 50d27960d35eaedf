using System.Text.Json;
using System.Text.Json.Serialization;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Head.Live;

/// <summary>A page of trials: each column an array under its name, a parameter's values as the JSON that they are.</summary>
internal sealed class TrialTableConverter : JsonConverter<TrialTable>
{
    public override TrialTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        var parameters = root.GetProperty("parameters").EnumerateArray().Select(name => name.GetString()!).ToList();
        var columns = root.GetProperty("columns").EnumerateObject().Select(column =>
        {
            var isJson = column.Name is TrialTable.Params or TrialTable.Metrics
                || column.Name.StartsWith(TrialTable.ParameterPrefix, StringComparison.Ordinal)
                || (parameters.Contains(column.Name) && !TrialTable.OwnColumns.Contains(column.Name));
            return new TrialColumn(column.Name, isJson, [.. column.Value.EnumerateArray().Select(value => Value(value, isJson))]);
        });
        return new TrialTable(
            root.GetProperty("total").GetInt64(), root.GetProperty("matched").GetInt64(), root.GetProperty("next")
                .GetString(), parameters, [.. columns]);
    }

    public override void Write(Utf8JsonWriter writer, TrialTable value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("total", value.Total);
        writer.WriteNumber("matched", value.Matched);
        writer.WriteString("next", value.Next);
        writer.WritePropertyName("parameters");
        JsonSerializer.Serialize(writer, value.Parameters, options);
        writer.WriteStartObject("columns");
        foreach (var column in value.Columns)
        {
            writer.WriteStartArray(column.Name);
            foreach (var cell in column.Values)
            {
                Write(writer, cell, column.IsJson);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
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
            case string text when isJson: writer.WriteRawValue(text, skipInputValidation: true); break;
            case string text: writer.WriteStringValue(text); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case double real when double.IsFinite(real): writer.WriteNumberValue(real); break;
            default: writer.WriteNullValue(); break;
        }
    }
}
