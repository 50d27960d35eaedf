using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SeqMnistSweep.Head.Http;

/// <summary>How results are written as JSON over HTTP, and read back: the rows' properties in snake case, numbers that JSON lacks as text.</summary>
public static class ResultJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        Converters = { new QueryValueConverter() },
    };

    /// <summary>A value of a query: null, long, double, string or byte[], and the same kind again after a journey.</summary>
    private sealed class QueryValueConverter : JsonConverter<object?>
    {
        private const string Bytes = "base64";
        private const string Real = "real";

        public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var json = JsonDocument.ParseValue(ref reader);
            var value = json.RootElement;
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
                JsonValueKind.Number => value.GetDouble(),
                JsonValueKind.Object when value.TryGetProperty(Bytes, out var bytes) => bytes.GetBytesFromBase64(),
                JsonValueKind.Object when value.TryGetProperty(Real, out var real) => double.Parse(real.GetString()!, CultureInfo.InvariantCulture),
                JsonValueKind.Null => null,
                _ => throw new JsonException($"{value.ValueKind} is no value of a query"),
            };
        }

        public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options)
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
}

/// <param name="Code">A stable word such as <c>not_found</c>.</param>
/// <param name="Position">Where in the query, in characters from 0, when that is known.</param>
public sealed record ErrorBody(string Code, string Message, string? Hint = null, int? Position = null);

/// <summary>Every answer that is no success has this body.</summary>
public sealed record ErrorAnswer(ErrorBody Error);

/// <summary>What <c>POST /api/v1/query</c> takes.</summary>
/// <param name="TimeoutMs">At most a minute is given.</param>
public sealed record QueryRequest(string Sql, int MaxRows = 1000, int TimeoutMs = 10_000);
