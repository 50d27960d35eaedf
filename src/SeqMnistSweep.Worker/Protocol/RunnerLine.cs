using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Protocol;

/// <summary>The lines of the runner protocol: compact JSON with snake_case names; NaN and the infinities are strings.</summary>
public static class RunnerLine
{
    /// <summary>The first line of a new runner: it waits for a trial.</summary>
    public const string Ready = """{"type":"ready"}""";

    private static readonly JsonSerializerOptions Options = new(JsonPolicy.CompactRecords)
    {
        Converters =
        {
            new JsonTextConverter<TrialId>(TrialId.Parse),
            new ParameterSetConverter(),
            new CommandConverter(),
        },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The message on a line; false when the line is none.</summary>
    public static bool TryRead<T>(string line, out T? value)
        where T : class
    {
        value = null;
        if (line.Length == 0 || line[0] != '{') return false;

        try
        {
            value = JsonSerializer.Deserialize<T>(line, Options);
            return value is not null;
        }
        catch (Exception error) when (
            error is JsonException or NotSupportedException or FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The assignment's fields stand beside the type, not in an object of their own.</summary>
    private sealed class CommandConverter : JsonConverter<RunnerCommand>
    {
        private const string Kind = "type";

        public override RunnerCommand Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var command = document.RootElement;
            return (command.TryGetProperty(Kind, out var kind) ? kind.GetString() : null) switch
            {
                "start" => new RunnerCommand.Start(command.Deserialize<TrialAssignment>(options)!),
                "verdict" => command.Deserialize<RunnerCommand.Decide>(options)!,
                "drain" => new RunnerCommand.Drain(),
                "stop" => new RunnerCommand.Stop(),
                _ => throw new JsonException("no command"),
            };
        }

        public override void Write(Utf8JsonWriter writer, RunnerCommand value, JsonSerializerOptions options)
        {
            var (kind, fields) = value switch
            {
                RunnerCommand.Start(var assignment) => ("start", JsonSerializer.SerializeToNode(assignment, options)!.AsObject()),
                RunnerCommand.Decide decide => ("verdict", JsonSerializer.SerializeToNode(decide, options)!.AsObject()),
                RunnerCommand.Drain => ("drain", []),
                _ => ("stop", new JsonObject()),
            };
            fields.Insert(0, Kind, kind);
            fields.WriteTo(writer, options);
        }
    }

    private sealed class ParameterSetConverter : JsonConverter<ParameterSet>
    {
        public override ParameterSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new ParameterSet(ParameterValue.FromJson(document.RootElement).AsMap());
        }

        public override void Write(Utf8JsonWriter writer, ParameterSet value, JsonSerializerOptions options) =>
            ParameterValue.MapOf(value).WriteTo(writer);
    }
}
