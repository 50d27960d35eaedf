using System.Text.Json;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Console;

/// <summary>One value of a table: as data, and as a person reads it.</summary>
/// <param name="Value">Null, bool, long, int, double, string or <see cref="JsonNode"/>.</param>
internal readonly record struct Cell(object? Value, string Text)
{
    /// <summary>Whole numbers below it are written in full.</summary>
    private const double MaxWhole = 1e15;

    public static Cell Of(object? value) => new(value, value switch
    {
        null => "",
        double number => Number(number),
        bool flag => flag ? "true" : "false",
        JsonValue json when json.TryGetValue<string>(out var text) => text,
        // Seventeen digits of a drawn parameter would leave no room for the next one.
        JsonValue json when IsReal(json) => Number(json.GetValue<double>()),
        JsonNode json => json.ToJsonString(),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    });

    /// <summary>Of a configuration that lacks some: how many of how many.</summary>
    public static Cell Seeds(LeaderboardRow row) => Of(row.IsWhole ? row.Seeds : $"{row.Seeds}/{row.PlannedSeeds}");

    /// <summary>The data in full, as CSV has it.</summary>
    public string Data => Value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        null => "",
        JsonValue json when IsReal(json) => json.ToJsonString(),
        _ => Of(Value).Text,
    };

    public bool IsNumber => Value is double or long or int || (Value is JsonValue json && json.GetValueKind() == JsonValueKind.Number);

    private static bool IsReal(JsonValue json) =>
        json.GetValueKind() == JsonValueKind.Number && json.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') >= 0;

    /// <summary>A metric's value: an accuracy in percent with two digits, memory in MiB, anything else with six digits.</summary>
    public static Cell Metric(string metric, double? value) => value switch
    {
        { } share when metric.EndsWith("accuracy", StringComparison.Ordinal) =>
            new Cell(share, (share * 100).ToString("0.00", CultureInfo.InvariantCulture) + "%"),
        { } bytes when metric is EpochReport.PeakMemory or EpochReport.DeviceMemory =>
            new Cell(bytes, (bytes / (1 << 20)).ToString("0.0", CultureInfo.InvariantCulture) + " MiB"),
        _ => Of(value),
    };

    /// <summary>A time of the database: UTC as data, local for people.</summary>
    /// <param name="form">Without the zone only where it stands beside.</param>
    public static Cell Time(string? stored, string form = "yyyy-MM-dd HH:mm:ss zzz") => new(
        stored, stored is null ? "" : Timestamp.Parse(stored).ToLocalTime().ToString(form, CultureInfo.InvariantCulture));

    /// <summary>Rounded, and written as a person writes it: <c>1e-5</c>, <c>64</c>, <c>12345600</c>.</summary>
    public static string Number(double value, int digits = 6)
    {
        var rounded = Math.Abs(value) < MaxWhole && value == Math.Truncate(value) ? value
            : double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var text = rounded.ToString("R", CultureInfo.InvariantCulture);
        return text.IndexOf('E', StringComparison.Ordinal) is >= 0 and var at
            ? $"{text[..at]}e{int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture)}"
            : text;
    }
}
