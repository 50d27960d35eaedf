using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SeqMnistSweep.Benchmarks;

/// <summary>One figure of a bench.</summary>
/// <param name="Bar">What the figure is held against; null for one that only informs.</param>
/// <param name="Holds">Null where it could not be measured: a peer or a device is absent.</param>
internal sealed record BenchResult(string Name, double? Value, string Unit, string? Bar, bool? Holds)
{
    /// <summary>Where the true value lies, 95 times of 100; null where the figure is no estimate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Interval { get; init; }

    /// <summary>A figure without a bar.</summary>
    public static BenchResult Fact(string name, double value, string unit) => new(name, value, unit, null, true);

    public static BenchResult AtLeast(string name, double? value, double bar, string unit) =>
        new(name, value, unit, string.Create(CultureInfo.InvariantCulture, $">= {bar}"), value is { } number ? number >= bar : null);

    public static BenchResult AtMost(string name, double? value, double bar, string unit) =>
        new(name, value, unit, string.Create(CultureInfo.InvariantCulture, $"<= {bar}"), value is { } number ? number <= bar : null);
}

/// <summary>The outcome of a bench.</summary>
internal sealed record BenchReport(string Machine, string Commit, IReadOnlyList<BenchResult> Results)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>0 when every bar holds, 1 when one does not, 8 when one could not be measured.</summary>
    public int ExitCode => Results.Any(result => result.Holds == false) ? 1 : Results.Any(result => result.Holds is null) ? 8 : 0;

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
