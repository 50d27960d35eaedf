using System.Text.Json;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Configurations out of a journal of Optuna (optuna/storages/_journal), written by Optuna itself or by <c>export</c>.</summary>
/// <param name="Maximize">The direction of its first study.</param>
internal sealed record JournalPoints(IReadOnlyList<PriorPoint> Points, bool Maximize)
{
    // JournalOperation there.
    private const int CreateStudy = 0;
    private const int CreateTrial = 4;
    private const int SetParameter = 5;
    private const int SetState = 6;

    private const int Complete = 1;
    private const int Maximizing = 2;

    public static bool Is(string text) =>
        text.AsSpan().TrimStart() is ['{', ..] trimmed
            && trimmed[..Math.Min(200, trimmed.Length)].Contains("\"op_code\"", StringComparison.Ordinal);

    /// <exception cref="CommandError">A line is no JSON, or not of a journal.</exception>
    public static JournalPoints Read(string text)
    {
        bool? maximize = null;
        var trials = new List<Trial>();
        foreach (var (line, number) in text.Split('\n').Select((line, i) => (line, i + 1))
            .Where(pair => !string.IsNullOrWhiteSpace(pair.line)))
        {
            try
            {
                var log = JsonNode.Parse(line)!;
                switch ((int)log["op_code"]!)
                {
                    case CreateStudy:
                        maximize ??= log["directions"] is JsonArray { Count: > 0 } directions && (int)directions[0]! == Maximizing;
                        break;
                    case CreateTrial:
                        trials.Add(Begin(log));
                        break;
                    case SetParameter when At(log) is { } trial:
                        trial.Parameters[(string)log["param_name"]!] = External((string)log["distribution"]!, log["param_value_internal"]!);
                        break;
                    case SetState when At(log) is { } trial && (int)log["state"]! == Complete:
                        trial.Value = log["values"] is JsonArray { Count: > 0 } values ? (double?)values[0] : null;
                        trial.Completed = true;
                        break;
                }

                Trial? At(JsonNode of) => (int)of["trial_id"]! is var id && id < trials.Count ? trials[id] : null;
            }
            catch (Exception error) when (
                error is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
            {
                throw new CommandError(
                    ExitCodes.Usage, $"line {number} is none of a journal of Optuna: {error.Message}",
                    "a journal has one JSON object with op_code on every line");
            }
        }

        return new JournalPoints(
            [.. trials.Where(trial => trial.Completed).Select(trial => new PriorPoint(new ParameterSet(trial.Parameters), trial.Value))],
            maximize ?? false);
    }

    /// <summary>A trial may come whole, with its parameters and its end.</summary>
    private static Trial Begin(JsonNode log)
    {
        var trial = new Trial { Completed = (int?)log["state"] == Complete, Value = (double?)log["value"] };
        foreach (var (name, value) in log["params"]?.AsObject() ?? [])
        {
            trial.Parameters[name] = External((string)log["distributions"]![name]!, value!);
        }

        return trial;
    }

    /// <summary>A journal stores a choice by its place, a number as it is.</summary>
    private static ParameterValue External(string distribution, JsonNode value)
    {
        var of = JsonNode.Parse(distribution)!;
        var json = (string)of["name"]! switch
        {
            "CategoricalDistribution" => of["attributes"]!["choices"]![(int)(double)value]?.ToJsonString() ?? "null",
            "IntDistribution" or "IntUniformDistribution" or "IntLogUniformDistribution" => $"{(long)(double)value}",
            _ => ParameterValue.Of((double)value).ToJson(),
        };
        using var document = JsonDocument.Parse(json);
        return ParameterValue.FromJson(document.RootElement);
    }

    private sealed class Trial
    {
        public Dictionary<string, ParameterValue> Parameters { get; } = [];

        public double? Value { get; set; }

        public bool Completed { get; set; }
    }
}
