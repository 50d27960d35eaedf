using System.Text.Json;
using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>A sweep as a journal of Optuna (optuna/storages/_journal), as optuna-dashboard opens it and a study can go on. The
/// distributions are those of the study that was imported, else of the sweep's space; without one a parameter with numbers is a range from
/// its lowest to its highest value, anything else a choice.</summary>
internal static class OptunaJournal
{
    /// <summary>In the sweep file of a study that was imported, the distributions as Optuna has them, by name.</summary>
    public const string DistributionsKey = "x-optuna";

    // JournalOperation and the states of a trial there.
    private const int CreateStudy = 0;
    private const int CreateTrial = 4;

    private static readonly Dictionary<string, int> States = new() { ["completed"] = 1, ["pruned"] = 2, ["failed"] = 3, ["cancelled"] = 3 };

    public static async Task WriteAsync(SweepExport sweep, IReadOnlyList<ExportedTrial> trials, Stream to, CancellationToken stop)
    {
        await using var writer = new StreamWriter(to, leaveOpen: true) { NewLine = "\n" };
        await writer.WriteLineAsync(Line(new JsonObject
        {
            ["op_code"] = CreateStudy,
            ["worker_id"] = "seqsweep",
            ["study_name"] = sweep.Id.Value,
            ["directions"] = new JsonArray([.. sweep.Metrics.Select(metric => JsonValue.Create(metric.Maximize ? 2 : 1))]),
        }));
        var ended = trials.Where(trial => States.ContainsKey(trial.State)).ToList();
        var distributions = Distributions(ended, sweep.Space, Imported(sweep.Sweep.Spec));
        var curves = new Dictionary<int, JsonObject>();
        await foreach (var report in sweep.ReportsAsync(ended, stop))
        {
            if (report.Report[sweep.Sweep.Metric] is { } value && double.IsFinite(value))
            {
                var curve = curves.TryGetValue(report.Trial, out var known) ? known : curves[report.Trial] = [];
                curve[$"{report.Report.Epoch}"] = value;
            }
        }

        var partial = await sweep.PartialAsync(stop);
        foreach (var trial in ended)
        {
            // Optuna takes no seeds together, and the one that survived must not be its best.
            var state = partial.Contains(trial.Configuration) && trial.State == "completed" ? "pruned" : trial.State;
            await writer.WriteLineAsync(Line(Trial(sweep, trial, state, distributions, curves.GetValueOrDefault(trial.Number) ?? [])));
        }
    }

    private static JsonObject Trial(
        SweepExport sweep, ExportedTrial trial, string shown, Dictionary<string, Stored> distributions, JsonObject curve)
    {
        // A completed trial that lacks a finite value of a metric is none that Optuna could rank.
        var isWhole = !trial.Metrics.Contains(null);
        var state = shown == "completed" && !isWhole ? States["failed"] : States[shown];
        var isOne = trial.Metrics.Length == 1;
        return new JsonObject
        {
            ["op_code"] = CreateTrial,
            ["worker_id"] = "seqsweep",
            ["study_id"] = 0,
            ["datetime_start"] = Time(trial.Started),
            ["datetime_complete"] = Time(trial.Finished ?? trial.Started ?? trial.Created),
            ["state"] = state,
            ["value"] = isOne ? trial.Value : null,
            ["values"] = !isOne && isWhole ? new JsonArray([.. trial.Metrics.Select(value => JsonValue.Create(value))]) : null,
            ["distributions"] = new JsonObject(trial.Parameters.Select(parameter =>
                KeyValuePair.Create(parameter.Key, (JsonNode?)distributions[parameter.Key].Json))),
            ["params"] = new JsonObject(trial.Parameters.Select(parameter =>
                KeyValuePair.Create(parameter.Key, (JsonNode?)distributions[parameter.Key].Internal(parameter.Value)))),
            ["user_attrs"] = new JsonObject
            {
                ["trial"] = $"{sweep.Id}/{trial.Number}", ["seed"] = trial.Seed, ["configuration"] = trial.Configuration,
                ["state"] = trial.State, ["cause"] = trial.Cause,
                ["best_epoch"] = trial.Epoch, ["test_accuracy"] = trial.TestAccuracy, ["worker"] = trial.Worker,
            },
            ["system_attrs"] = new JsonObject(),
            ["intermediate_values"] = curve,
        };
    }

    private static JsonObject? Imported(string spec)
    {
        var line = spec.Split('\n').LastOrDefault(line => line.StartsWith(DistributionsKey + ": ", StringComparison.Ordinal));
        try
        {
            return line is null ? null : JsonNode.Parse(line[(DistributionsKey.Length + 2)..]) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // A key of somebody's own.
        }
    }

    private static Dictionary<string, Stored> Distributions(IReadOnlyList<ExportedTrial> trials, SearchSpace? space, JsonObject? imported)
    {
        var values = new Dictionary<string, List<ParameterValue>>();
        foreach (var (name, value) in trials.SelectMany(trial => trial.Parameters))
        {
            (values.TryGetValue(name, out var known) ? known : values[name] = []).Add(value);
        }

        var declared = space?.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Distribution) ?? [];
        return values.ToDictionary(pair => pair.Key, pair =>
            (imported?[pair.Key] is JsonValue own && own.TryGetValue(out string? json) ? Stored.Of(json, pair.Value) : null)
                ?? Stored.Of(declared.GetValueOrDefault(pair.Key), pair.Value));
    }

    private static string? Time(string? time) =>
        time is null
            ? null
            : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string Line(JsonObject line) => TableOutput.ToText(line, indented: false);

    /// <param name="Json">As Optuna writes it: JSON within a text.</param>
    /// <param name="Internal">A value as the journal stores it: the number, or its place among the choices.</param>
    private sealed record Stored(string Json, Func<ParameterValue, JsonNode> Internal)
    {
        /// <summary>As Optuna has it; null where a value is not of it.</summary>
        public static Stored? Of(string json, List<ParameterValue> values)
        {
            if (OptunaTrial.Choices(json) is { } choices)
            {
                return values.TrueForAll(choices.Contains)
                    ? new Stored(json, value => JsonValue.Create(choices.ToList().IndexOf(value)))
                    : null;
            }

            return values.TrueForAll(value => value.IsNumber) ? new Stored(json, value => JsonNode.Parse(value.ToJson())!) : null;
        }

        /// <param name="declared">As the sweep file has it; null for a parameter that it does not have.</param>
        /// <param name="values">Those of the trials, which may lie outside: enqueued ones, or of a file that was edited.</param>
        public static Stored Of(Distribution? declared, List<ParameterValue> values)
        {
            var ends = declared is { Listed.IsDefault: true } ? declared.Ends.OfType<ParameterValue>() : [];
            var seen = values.Concat(ends).ToList();
            return declared is { Listed: { IsDefault: false } listed } && declared.Varies ? Choice([.. listed.Concat(values).Distinct()])
                : !seen.TrueForAll(value => value.IsNumber) ? Choice([.. values.Distinct()])
                : Range(seen, IsLogarithmic(declared?.Name));
        }

        /// <summary>Optuna lets a range be another later, but not whether it is logarithmic.</summary>
        private static bool IsLogarithmic(string? name) =>
            name is "log_uniform" or "inv_log_uniform" or "log_uniform_values" or "q_log_uniform" or "q_log_uniform_values";

        private static Stored Range(List<ParameterValue> values, bool isLogarithmic)
        {
            var isInteger = values.TrueForAll(value => value.Kind == ParameterKind.Integer);
            var (least, most) = (values.MinBy(value => value.AsReal())!, values.MaxBy(value => value.AsReal())!);
            var attributes = new JsonObject
            {
                // Of an integer Optuna demands 1 or more.
                ["log"] = isLogarithmic && least.AsReal() >= (isInteger ? 1 : double.Epsilon),
                ["step"] = isInteger ? 1 : null,
                ["low"] = Number(least),
                ["high"] = Number(most),
            };
            return new Stored(Text(isInteger ? "IntDistribution" : "FloatDistribution", attributes), Number);

            JsonNode Number(ParameterValue value) => isInteger ? JsonValue.Create(value.AsInteger()) : JsonValue.Create(value.AsReal());
        }

        private static Stored Choice(List<ParameterValue> choices)
        {
            var json = new JsonArray(
            [
                .. choices.Select(choice => choice.Kind is ParameterKind.List or ParameterKind.Map
                    ? JsonValue.Create(choice.ToJson())
                    : JsonNode.Parse(choice.ToJson())),
            ]);
            return new Stored(
                Text("CategoricalDistribution", new JsonObject { ["choices"] = json }), value => JsonValue.Create(choices.IndexOf(value)));
        }

        private static string Text(string name, JsonObject attributes) =>
            TableOutput.ToText(new JsonObject { ["name"] = name, ["attributes"] = attributes }, indented: false);
    }
}
