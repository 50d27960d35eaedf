using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>POST /api/v1/sweeps/SWEEP/ask</c>.</summary>
/// <param name="Client">Who asks, for people; at most 100 characters.</param>
/// <param name="Key">A second question with the key of a trial that is still held finds that trial; the header Idempotency-Key says the
/// same. One is made up where it is missing.</param>
/// <param name="LeaseSeconds">How long the trial stays theirs after they were last heard, at most an hour; 60 where it is missing.</param>
/// <param name="Tags">As a worker's, for a sweep that only some workers take.</param>
public sealed record AskRequest(string? Client = null, string? Key = null, double? LeaseSeconds = null, string[]? Tags = null);

/// <summary>One trial, or none.</summary>
/// <param name="State">The sweep's.</param>
/// <param name="Trial">Null when there is nothing to start now; <paramref name="RetryAfter"/> is null too when there never will be.</param>
/// <param name="Lease">To be told with every word of this trial, as it stands here; who does not have it cannot tell of the trial.</param>
/// <param name="Epoch">After which the attempt goes on: the last of one that was given back or paused, 0 after one that died.</param>
/// <param name="Rungs">Epochs after which to wait for the verdict.</param>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record AskAnswer(
    string Sweep, string State, string? Trial = null, string? Lease = null, int? Attempt = null, JsonObject? Parameters = null,
    long? Seed = null, string? Metric = null, string? Goal = null, int? Epoch = null, int[]? Rungs = null, double? ExpiresIn = null,
    double? RetryAfter = null);

/// <summary><c>POST /api/v1/sweeps/SWEEP/report</c>: the metrics of an epoch, or without any a sign of life.</summary>
/// <param name="Epoch">Counted from 1; the one after the last where it is missing. All that is told of an epoch is one report; of a metric
/// told twice the first value stands.</param>
public sealed record ReportRequest(
    string? Trial, [property: JsonConverter(typeof(LeaseConverter))] string? Lease,
    [property: JsonConverter(typeof(EpochConverter))] int? Epoch = null, Dictionary<string, double>? Metrics = null);

/// <param name="Verdict"><c>continue</c>; <c>stop</c>: the trial is over; <c>pause</c>: it goes on later, keep what it needs for
/// that.</param>
/// <param name="ExpiresIn">Seconds; null when the lease has ended with the verdict.</param>
public sealed record ReportAnswer(string Trial, string Verdict, double? ExpiresIn);

/// <summary><c>POST /api/v1/sweeps/SWEEP/tell</c>: how the trial ended. Safe to repeat.</summary>
/// <param name="State"><c>completed</c>, <c>failed</c>, or <c>released</c> to give it back unfinished.</param>
/// <param name="Value">The metric's value, as the report of one more epoch.</param>
/// <param name="Metrics">The same, by name.</param>
/// <param name="Cause">Of a failure: <c>crashed</c>, <c>out_of_memory</c>, <c>diverged</c>, <c>timeout</c> or <c>invalid</c>.</param>
/// <param name="Message">What went wrong, or why it is given back.</param>
public sealed record TellRequest(
    string? Trial, [property: JsonConverter(typeof(LeaseConverter))] string? Lease, string? State = null, double? Value = null,
    [property: JsonConverter(typeof(EpochConverter))] int? Epoch = null, Dictionary<string, double>? Metrics = null, string? Cause = null,
    string? Message = null, double? TestLoss = null, double? TestAccuracy = null);

/// <param name="State">The trial's now.</param>
/// <param name="Value">Its best.</param>
/// <param name="SweepState">The sweep's now.</param>
public sealed record TellAnswer(string Trial, string State, double? Value, string SweepState);

/// <summary>An epoch, also as <c>5.0</c> or <c>"5"</c>; of anything else the value and what would be accepted is told.</summary>
internal sealed class EpochConverter : JsonConverter<int?>
{
    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var said = JsonDocument.ParseValue(ref reader);
        var text = said.RootElement.ToString();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == Math.Truncate(number)
            ? (int)Math.Clamp(number, int.MinValue, int.MaxValue)
            : throw new JsonException($"epoch {text} was reported: an epoch is a whole number from 1");
    }

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } epoch)
        {
            writer.WriteNumberValue(epoch);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>A lease; also as a bare number, which is no lease, so that what is lacking can be told.</summary>
internal sealed class LeaseConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var said = JsonDocument.ParseValue(ref reader);
        return said.RootElement.ToString();
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
