using System.Text.Json;
using System.Text.Json.Serialization;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Live;

/// <summary>A query's result with the kinds that SQLite gave its values: a real number that JSON would write like an integer is
/// <c>{"real":"1"}</c>, a blob <c>{"base64":"AAE="}</c>.</summary>
internal sealed class QueryResultConverter : JsonConverter<QueryResult>
{
    private const string Bytes = "base64";
    private const string Real = "real";
    private const int FlushAfter = 1 << 16;

    public override QueryResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        return new QueryResult(
            [.. root.GetProperty("columns").EnumerateArray().Select(name => name.GetString()!)],
            [.. root.GetProperty("rows").EnumerateArray().Select(row => (IReadOnlyList<object?>)[.. row.EnumerateArray().Select(Value)])],
            root.GetProperty("more").GetBoolean());
    }

    public override void Write(Utf8JsonWriter writer, QueryResult value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("columns");
        JsonSerializer.Serialize(writer, value.Columns, options);
        writer.WriteStartArray("rows");
        foreach (var row in value.Rows)
        {
            writer.WriteStartArray();
            foreach (var cell in row)
            {
                Write(writer, cell);
                if (writer.BytesPending > FlushAfter)
                {
                    writer.Flush();
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("more", value.More);
        writer.WriteEndObject();
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Object when value.TryGetProperty(Bytes, out var bytes) => bytes.GetBytesFromBase64(),
        JsonValueKind.Object when value.TryGetProperty(Real, out var real) => double.Parse(real.GetString()!, CultureInfo.InvariantCulture),
        JsonValueKind.Null => null,
        _ => throw new JsonException($"{value.ValueKind} is no value of a query"),
    };

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case string text: writer.WriteStringValue(text); break;
            case double real when double.IsFinite(real) && !double.IsInteger(real): writer.WriteNumberValue(real); break;
            case double real: Write(writer, Real, real.ToString("R", CultureInfo.InvariantCulture)); break;
            case byte[] bytes: Write(writer, Bytes, Convert.ToBase64String(bytes)); break;
            default: throw new JsonException($"{value.GetType()} is no value of a query");
        }
    }

    private static void Write(Utf8JsonWriter writer, string kind, string text)
    {
        writer.WriteStartObject();
        writer.WriteString(kind, text);
        writer.WriteEndObject();
    }
}
