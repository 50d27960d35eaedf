using System.Text.Json;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Configurations out of a journal of Optuna (optuna/storages/_journal), written by Optuna itself or by <c>export</c>.</summary>
/// <param name="Maximize">The direction of the metric with the values, of its first study.</param>
internal sealed record JournalPoints(ImportedPoints Points, bool Maximize)
{
    // JournalOperation there.
    private const int CreateStudy = 0;
    private const int CreateTrial = 4;
    private const int SetParameter = 5;
    private const int SetState = 6;

    private const int Complete = 1;
    private const int Maximizing = 2;

    private static readonly string[] States = ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"];

    public static bool Is(string text) =>
        text.AsSpan().TrimStart() is ['{', ..] trimmed
            && trimmed[..Math.Min(200, trimmed.Length)].Contains("\"op_code\"", StringComparison.Ordinal);

    /// <summary>The name of its first study, which is a sweep's id where <c>export</c> wrote it.</summary>
    public static string? StudyOf(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text.AsSpan().TrimStart().ToString().Split('\n')[0])?["study_name"];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <param name="space">Says what the values are; null where it is not known.</param>
    /// <exception cref="CommandError">A line is no JSON, or not of a journal.</exception>
    public static JournalPoints Read(string text, SearchSpace? space)
    {
        bool? maximize = null;
        var trials = new List<Trial>();
        foreach (var (line, number) in text.Split('\n').Select((line, i) => (line, i + 1))
            .Where(pair => !string.IsNullOrWhiteSpace(pair.line)))
        {
            try
            {
                Apply(JsonNode.Parse(line)!, trials, ref maximize);
            }
            catch (Exception error) when (
                error is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException
                    or OverflowException or InvalidCastException or KeyNotFoundException)
            {
                throw new CommandError(
                    ExitCodes.Usage, $"line {number} is none of a journal of Optuna: {error.Message}",
                    "a journal has one JSON object with op_code on every line");
            }
        }

        var points = new ImportedPoints();
        foreach (var trial in trials)
        {
            var point = FlatParameters.Nest(new ParameterSet(trial.Parameters.Select(item => KeyValuePair.Create(
                item.Key, ValueText.Settle(space, item.Key, item.Value, item.Value.ToString())))), space);
            if (trial.State == Complete)
            {
                points.Add(point, trial.Value);
            }
            else
            {
                points.LeaveOut(point, States.ElementAtOrDefault(trial.State) ?? "no state");
            }
        }

        return new JournalPoints(points, maximize ?? false);
    }

    private static void Apply(JsonNode log, List<Trial> trials, ref bool? maximize)
    {
        switch ((int)log["op_code"]!)
        {
            case CreateStudy:
                maximize ??= log["directions"] is JsonArray { Count: > 0 } directions && (int)directions[0]! == Maximizing;
                break;
            case CreateTrial:
                trials.Add(Begin(log));
                break;
            case SetParameter when At() is { } trial:
                trial.Parameters[(string)log["param_name"]!] = External((string)log["distribution"]!, log["param_value_internal"]!);
                break;
            case SetState when At() is { } trial:
                trial.State = (int)log["state"]!;
                trial.Value = ValueOf(log) ?? trial.Value;
                break;
        }

        Trial? At() => (int)log["trial_id"]! is var id && id >= 0 && id < trials.Count ? trials[id] : null;
    }

    /// <summary>A trial may come whole, with its parameters and its end.</summary>
    private static Trial Begin(JsonNode log)
    {
        var trial = new Trial { State = (int?)log["state"] ?? 0, Value = ValueOf(log) };
        foreach (var (name, value) in log["params"]?.AsObject() ?? [])
        {
            trial.Parameters[name] = External((string)log["distributions"]![name]!, value!);
        }

        return trial;
    }

    /// <summary>Of several metrics the first.</summary>
    private static double? ValueOf(JsonNode log) => (double?)log["value"] ?? (log["values"] is JsonArray { Count: > 0 } values
        ? (double?)values[0]
        : null);

    /// <summary>A journal stores a choice by its place, a number as it is.</summary>
    private static ParameterValue External(string distribution, JsonNode value)
    {
        var of = JsonNode.Parse(distribution)!;
        var json = (string)of["name"]! switch
        {
            "CategoricalDistribution" => of["attributes"]!["choices"]![(int)(double)value]?.ToJsonString() ?? "null",
            "IntDistribution" or "IntUniformDistribution" or "IntLogUniformDistribution" =>
                long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var whole) ? $"{whole}" : $"{(long)(double)value}",
            _ => ParameterValue.Of((double)value).ToJson(),
        };
        using var document = JsonDocument.Parse(json);
        return ParameterValue.FromJson(document.RootElement);
    }

    private sealed class Trial
    {
        public Dictionary<string, ParameterValue> Parameters { get; } = [];

        public double? Value { get; set; }

        public int State { get; set; }
    }
}
