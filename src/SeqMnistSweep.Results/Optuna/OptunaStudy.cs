using System.Text.Json.Nodes;

namespace SeqMnistSweep.Results.Optuna;

/// <summary>A study of Optuna, out of its journal or its SQLite database.</summary>
/// <param name="Name">Unique in its storage.</param>
/// <param name="Directions">For each objective whether larger is better; one or more.</param>
/// <param name="Trials">In the order of their numbers.</param>
public sealed record OptunaStudy(string Name, IReadOnlyList<bool> Directions, IReadOnlyList<OptunaTrial> Trials);

/// <summary>A trial of a study.</summary>
public sealed class OptunaTrial
{
    /// <summary>By name, as a program sees them.</summary>
    public Dictionary<string, ParameterValue> Parameters { get; } = [];

    /// <summary>For each objective; empty while there are none.</summary>
    public SortedDictionary<int, double> Values { get; } = [];

    /// <summary>What was reported, by step.</summary>
    public SortedDictionary<long, double> Curve { get; } = [];

    /// <summary>Each parameter's distribution, as JSON of Optuna's.</summary>
    public Dictionary<string, string> Distributions { get; } = [];

    /// <summary>When it began; null for one that waits.</summary>
    public DateTimeOffset? Started { get; set; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? Finished { get; set; }

    /// <summary>RUNNING, COMPLETE, PRUNED, FAIL or WAITING.</summary>
    public string State { get; set; } = "RUNNING";

    /// <summary>Sets a parameter, as it is stored.</summary>
    /// <exception cref="FormatException">That is no distribution, or not of such a value.</exception>
    public void Set(string parameter, string distribution, double value)
    {
        Parameters[parameter] = External(distribution, value);
        Distributions[parameter] = distribution;
    }

    /// <summary>A time as Optuna writes it, in the zone of the machine; null for what is none.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time.ToUniversalTime()
            : null;

    /// <summary>The choices of a distribution; null for a range, or what is none.</summary>
    /// <param name="distribution">JSON, as Optuna writes it.</param>
    public static IReadOnlyList<ParameterValue>? Choices(string distribution)
    {
        try
        {
            return (JsonNode.Parse(distribution)?["attributes"] as JsonObject)?["choices"] is JsonArray choices
                ? [.. choices.Select(FromJson)]
                : null;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A value as a program sees it: Optuna stores a choice by its place, a number as it is.</summary>
    /// <param name="distribution">JSON, as Optuna writes it.</param>
    /// <exception cref="FormatException">That is no distribution, or not of such a value.</exception>
    private static ParameterValue External(string distribution, double value)
    {
        try
        {
            var of = JsonNode.Parse(distribution)!;
            return (string)of["name"]! switch
            {
                "CategoricalDistribution" => FromJson(of["attributes"]!["choices"]!.AsArray()[(int)value]),
                "IntDistribution" or "IntUniformDistribution" or "IntLogUniformDistribution" => ParameterValue.Of((long)value),
                _ => ParameterValue.Of(value),
            };
        }
        catch (Exception error) when (
            error is System.Text.Json.JsonException or InvalidOperationException or NullReferenceException or ArgumentException
                or OverflowException or InvalidCastException)
        {
            throw new FormatException($"'{distribution}' is no distribution of the value {value:R}", error);
        }
    }

    private static ParameterValue FromJson(JsonNode? choice)
    {
        using var json = System.Text.Json.JsonDocument.Parse(choice?.ToJsonString() ?? "null");
        return ParameterValue.FromJson(json.RootElement);
    }
}
