namespace SeqMnistSweep.Cli.Exports;

/// <summary>A sweep as a journal of Optuna (optuna/storages/_journal), as optuna-dashboard opens it. A parameter with numbers is a range
/// from its lowest to its highest value, anything else a choice.</summary>
internal static class OptunaJournal
{
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
            ["directions"] = new JsonArray(sweep.Sweep.Maximize ? 2 : 1),
        }));
        var ended = trials.Where(trial => States.ContainsKey(trial.State)).ToList();
        var distributions = Distributions(ended);
        var curves = new Dictionary<int, JsonObject>();
        await foreach (var report in sweep.ReportsAsync(ended, stop))
        {
            if (report.Report[sweep.Sweep.Metric] is { } value && double.IsFinite(value))
            {
                var curve = curves.TryGetValue(report.Trial, out var known) ? known : curves[report.Trial] = [];
                curve[$"{report.Report.Epoch}"] = value;
            }
        }

        foreach (var trial in ended)
        {
            await writer.WriteLineAsync(Line(Trial(sweep, trial, distributions, curves.GetValueOrDefault(trial.Number) ?? [])));
        }
    }

    private static JsonObject Trial(
        SweepExport sweep, ExportedTrial trial, Dictionary<string, Distribution> distributions, JsonObject curve)
    {
        // Optuna's study averages nothing: a completed trial without a finite value is none that it could rank.
        var state = trial.State == "completed" && trial.Value is null ? States["failed"] : States[trial.State];
        return new JsonObject
        {
            ["op_code"] = CreateTrial,
            ["worker_id"] = "seqsweep",
            ["study_id"] = 0,
            ["datetime_start"] = Time(trial.Started),
            ["datetime_complete"] = Time(trial.Finished ?? trial.Started ?? trial.Created),
            ["state"] = state,
            ["value"] = trial.Value,
            ["values"] = null,
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

    private static Dictionary<string, Distribution> Distributions(IReadOnlyList<ExportedTrial> trials)
    {
        var values = new Dictionary<string, List<ParameterValue>>();
        foreach (var (name, value) in trials.SelectMany(trial => trial.Parameters))
        {
            (values.TryGetValue(name, out var known) ? known : values[name] = []).Add(value);
        }

        return values.ToDictionary(pair => pair.Key, pair => Distribution.Of(pair.Value));
    }

    private static string? Time(string? time) =>
        time is null
            ? null
            : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string Line(JsonObject line) => TableOutput.ToText(line, indented: false);

    /// <param name="Json">As Optuna writes it: JSON within a text.</param>
    /// <param name="Internal">A value as the journal stores it: the number, or its place among the choices.</param>
    private sealed record Distribution(string Json, Func<ParameterValue, double> Internal)
    {
        public static Distribution Of(List<ParameterValue> values)
        {
            if (values.TrueForAll(value => value.IsNumber))
            {
                var (low, high) = (values.Min(value => value.AsReal()), values.Max(value => value.AsReal()));
                return values.TrueForAll(value => value.Kind == ParameterKind.Integer)
                    ? new Distribution(
                        """{"name": "IntDistribution", "attributes": """
                            + $$$"""{"log": false, "step": 1, "low": {{{(long)low}}}, "high": {{{(long)high}}}}}""",
                        value => value.AsReal())
                    : new Distribution(
                        """{"name": "FloatDistribution", "attributes": """ + string.Create(
                            CultureInfo.InvariantCulture,
                            $$$"""{"step": null, "low": {{{low:R}}}, "high": {{{high:R}}}, "log": false}}"""),
                        value => value.AsReal());
            }

            var choices = values.Distinct().ToList();
            var json = new JsonArray(
            [
                .. choices.Select(choice => choice.Kind is ParameterKind.List or ParameterKind.Map
                    ? JsonValue.Create(choice.ToJson())
                    : JsonNode.Parse(choice.ToJson())),
            ]);
            return new Distribution(
                TableOutput.ToText(
                    new JsonObject { ["name"] = "CategoricalDistribution", ["attributes"] = new JsonObject { ["choices"] = json } },
                    indented: false),
                value => choices.IndexOf(value));
        }
    }
}
