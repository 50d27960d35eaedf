using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SeqMnistSweep.Files;

/// <summary>How JSON is written, in one place. Membership alone has a stricter form: it must refuse what it does not know.</summary>
public static class JsonPolicy
{
    /// <inheritdoc cref="UseRecords"/>
    public static JsonSerializerOptions Records { get; } = UseRecords(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Records without their nulls, on one line and readable, for lines and columns.</summary>
    public static JsonSerializerOptions CompactRecords { get; } = new(Records)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Nodes on one line: only what JSON demands is escaped. Not for use inside HTML.</summary>
    public static JsonSerializerOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same over several lines, for people and for files in version control.</summary>
    public static JsonSerializerOptions Indented { get; } = new(OneLine) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Records: properties and enumerations in snake case, NaN and the infinities as text, no derived properties.</summary>
    public static JsonSerializerOptions UseRecords(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
        options.IgnoreReadOnlyProperties = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }
}

/// <summary>A value as the text that people write.</summary>
/// <param name="parse">Throws <see cref="FormatException"/> for a text that names no value.</param>
/// <param name="format">Null takes <see cref="object.ToString"/>.</param>
public sealed class JsonTextConverter<T>(Func<string, T> parse, Func<T, string>? format = null) : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        try
        {
            return parse(text);
        }
        catch (FormatException)
        {
            throw new JsonException($"'{text}' is no {typeof(T).Name}");
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(format is null ? value!.ToString() : format(value));
}
