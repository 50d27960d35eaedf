using System.Text.Json;
using System.Text.Json.Serialization;
using SeqMnistSweep.Files;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Protocol;

/// <summary>The lines of the runner protocol: compact JSON with snake_case names; NaN and the infinities are strings.</summary>
public static class RunnerLine
{
    private static readonly JsonSerializerOptions Options = new(JsonPolicy.CompactRecords)
    {
        Converters =
        {
            new JsonTextConverter<TrialId>(TrialId.Parse),
            new JsonTextConverter<FailureCause>(StateNames.Parse<FailureCause>, cause => cause.ToName()),
            new JsonTextConverter<Verdict>(StateNames.Parse<Verdict>, verdict => verdict.ToName()),
            new ParameterSetConverter(),
        },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The message on a line; false when the line is none.</summary>
    public static bool TryRead<T>(string line, out T? value)
        where T : class
    {
        value = null;
        if (line.Length == 0 || line[0] != '{')
        {
            return false;
        }

        try
        {
            value = JsonSerializer.Deserialize<T>(line, Options);
            return value is not null;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private sealed class ParameterSetConverter : JsonConverter<ParameterSet>
    {
        public override ParameterSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new ParameterSet(ParameterValue.FromJson(document.RootElement).AsMap());
        }

        public override void Write(Utf8JsonWriter writer, ParameterSet value, JsonSerializerOptions options) => ParameterValue.MapOf(value).WriteTo(writer);
    }
}
