using System.Text.Json;
using System.Text.Json.Serialization;

namespace SeqMnistSweep.Trials;

/// <summary>Metrics of a finished epoch. Accuracies are fractions of 1, losses negative log-likelihoods in nats, times seconds.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Metrics">By name; values may be NaN or infinite.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.EpochReport")]
public sealed record EpochReport([property: Id(0)] int Epoch, [property: Id(1)] ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>The last epoch that a trial may report.</summary>
    public const int MaxEpoch = 100_000;

    /// <summary>The most memory that a trial's process had, in bytes.</summary>
    public const string PeakMemory = "peak_memory";

    /// <summary>The most memory of its GPUs that a trial's attempt had so far, in bytes.</summary>
    public const string DeviceMemory = "device_memory";

    /// <summary>Metrics that measure the machine, not the model: two runs of the same epoch may differ in them.</summary>
    private static readonly string[] Timings = ["epoch_seconds", "samples_per_second", DerivedMetric.Seconds, PeakMemory, DeviceMemory];

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Whether the metric measures the machine and not the model.</summary>
    public static bool IsTiming(string metric) => Timings.Contains(metric);

    /// <summary>The value of a metric; null where the report lacks it.</summary>
    public double? this[string metric] => Metrics.TryGetValue(metric, out var value) ? value : null;

    /// <summary>Whether both say the same of the model, bit for bit; timings aside.</summary>
    public bool SaysTheSameAs(EpochReport other) =>
        Epoch == other.Epoch && Outcomes(this).SequenceEqual(Outcomes(other)) && Differs(other) is null;

    /// <summary>A metric that both have and that differs in a bit; timings aside. Null where there is none.</summary>
    public string? Differs(EpochReport other) => Metrics.FirstOrDefault(metric => !IsTiming(metric.Key)
        && other[metric.Key] is { } value
        && BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(metric.Value)).Key;

    /// <summary>The metrics as a JSON object. NaN and the infinities, which JSON lacks, are written as text.</summary>
    public string MetricsToJson() => ToJson(Metrics);

    /// <summary>Metrics as <see cref="MetricsToJson"/> writes them.</summary>
    public static string ToJson(ImmutableSortedDictionary<string, double> metrics) => JsonSerializer.Serialize(metrics, Json);

    /// <summary>The inverse of <see cref="MetricsToJson"/>.</summary>
    public static EpochReport FromJson(int epoch, string metrics) =>
        new(epoch, JsonSerializer.Deserialize<Dictionary<string, double>>(metrics, Json)!
            .ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static IEnumerable<string> Outcomes(EpochReport report) => report.Metrics.Keys.Where(metric => !IsTiming(metric));
}
