using System.Text.Json;
using SeqMnistSweep.Clients;
using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Reads a journal of Optuna (optuna/storages/_journal), written by Optuna itself or by <c>export</c>.</summary>
internal sealed class OptunaJournalReader
{
    // JournalOperation there.
    private const int CreateStudy = 0;
    private const int DeleteStudy = 1;
    private const int CreateTrial = 4;
    private const int SetParameter = 5;
    private const int SetState = 6;
    private const int SetReport = 7;

    private const int Maximizing = 2;

    private static readonly string[] States = ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"];

    private readonly List<(string Name, List<bool> Directions, List<OptunaTrial> Trials)?> _studies = [];
    private readonly List<OptunaTrial> _trials = [];

    public static bool Is(string text) =>
        text.AsSpan().TrimStart() is ['{', ..] trimmed
            && trimmed[..Math.Min(200, trimmed.Length)].Contains("\"op_code\"", StringComparison.Ordinal);

    /// <summary>The studies in the order in which they were made.</summary>
    /// <exception cref="CommandError">A line is no JSON, or not of a journal.</exception>
    public static IReadOnlyList<OptunaStudy> Read(string text)
    {
        var reader = new OptunaJournalReader();
        var lines = text.Split('\n');
        foreach (var (line, number) in lines.Select((line, i) => (line, i + 1))
            .Where(pair => !string.IsNullOrWhiteSpace(pair.line)))
        {
            try
            {
                reader.Apply(JsonNode.Parse(PythonJson.Quoted(line))!);
            }
            catch (JsonException) when (number == lines.Length && number > 1)
            {
                // Without a line's end: a study that goes on is writing it.
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

        return [.. reader._studies.OfType<(string Name, List<bool> Directions, List<OptunaTrial> Trials)>()
            .Select(study => new OptunaStudy(study.Name, study.Directions, study.Trials))];
    }

    private void Apply(JsonNode log)
    {
        switch ((int)log["op_code"]!)
        {
            case CreateStudy:
                var directions = log["directions"] is JsonArray { Count: > 0 } given
                    ? given.Select(one => (int)one! == Maximizing)
                    : [false];
                _studies.Add(((string?)log["study_name"] ?? "", [.. directions], []));
                break;
            case DeleteStudy when StudyAt(log) is { } deleted:
                _studies[deleted] = null;
                break;
            case CreateTrial:
                var begun = Begin(log);
                _trials.Add(begun);
                if (StudyAt(log) is { } of)
                {
                    _studies[of]!.Value.Trials.Add(begun);
                }

                break;
            case SetParameter when At() is { } trial:
                Set(trial, (string)log["param_name"]!, (string)log["distribution"]!, log["param_value_internal"]!);
                break;
            case SetState when At() is { } trial:
                trial.State = StateOf(log);
                AddValues(trial, log);
                AddTimes(trial, log);
                break;
            case SetReport when At() is { } trial:
                trial.Curve[(long)log["step"]!] = Number(log["intermediate_value"]);
                break;
        }

        OptunaTrial? At() => (int)log["trial_id"]! is var id && id >= 0 && id < _trials.Count ? _trials[id] : null;
    }

    /// <summary>Older journals do not say of which study a trial is; there it is the last one.</summary>
    private int? StudyAt(JsonNode log) =>
        ((int?)log["study_id"] ?? _studies.Count - 1) is var id && id >= 0 && id < _studies.Count && _studies[id] is not null ? id : null;

    /// <summary>A trial may come whole, with its parameters and its end.</summary>
    private static OptunaTrial Begin(JsonNode log)
    {
        var trial = new OptunaTrial { State = StateOf(log) };
        AddValues(trial, log);
        AddTimes(trial, log);
        foreach (var (name, value) in log["params"]?.AsObject() ?? [])
        {
            Set(trial, name, (string)log["distributions"]![name]!, value!);
        }

        foreach (var (step, value) in log["intermediate_values"]?.AsObject() ?? [])
        {
            trial.Curve[long.Parse(step, CultureInfo.InvariantCulture)] = Number(value);
        }

        return trial;
    }

    private static string StateOf(JsonNode log) => States.ElementAtOrDefault((int?)log["state"] ?? 0) ?? "no state";

    private static void AddValues(OptunaTrial trial, JsonNode log)
    {
        JsonNode?[] values = log["values"] is JsonArray several ? [.. several] : log["value"] is { } one ? [one] : [];
        foreach (var (objective, value) in values.Index())
        {
            trial.Values[objective] = Number(value);
        }
    }

    private static double Number(JsonNode? value) => value?.GetValueKind() switch
    {
        null => double.NaN,
        JsonValueKind.String => double.Parse((string)value!, CultureInfo.InvariantCulture),
        _ => (double)value,
    };

    private static void AddTimes(OptunaTrial trial, JsonNode log)
    {
        trial.Started = OptunaTrial.Time((string?)log["datetime_start"]) ?? trial.Started;
        trial.Finished = OptunaTrial.Time((string?)log["datetime_complete"]) ?? trial.Finished;
    }

    private static void Set(OptunaTrial trial, string name, string distribution, JsonNode value)
    {
        trial.Set(name, distribution, (double)value);
        if (value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var whole)
            && distribution.Contains("\"Int", StringComparison.Ordinal))
        {
            trial.Parameters[name] = ParameterValue.Of(whole); // exact beyond what a real holds
        }
    }
}
