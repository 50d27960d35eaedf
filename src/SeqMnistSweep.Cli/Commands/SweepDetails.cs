using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>What <c>show</c> says of a sweep.</summary>
internal sealed class SweepDetails(ResultSource results, CommandContext context)
{
    /// <param name="events">How many of its events, the last ones.</param>
    public async Task<Details> OfAsync(SweepRow sweep, int events, CancellationToken stop)
    {
        var id = SweepId.Parse(sweep.Sweep);
        var details = new Details();
        details.Add("sweep", sweep.Sweep);
        details.Add("title", sweep.Title);
        details.Add("description", sweep.Description);
        details.Add("tags", sweep.Tags is "[]" ? Cell.Of(null) : new Cell(JsonNode.Parse(sweep.Tags), string.Join(", ", sweep.ReadTags())));
        details.Add("note", sweep.Note);
        details.Add("archived", Cell.Time(sweep.Archived));
        details.Add("state", results.StateOf(sweep));
        details.Add("cause", sweep.Cause);
        details.Add("reason", sweep.Reason);
        details.Add("waits", await WaitReason.OfAsync(results, sweep, context, stop));
        details.Add("method", sweep.Method);
        details.Add("metric", sweep.Metric);
        details.Add("goal", sweep.Goal);
        var space = await results.SpaceAsync(sweep, stop);
        var metrics = space?.Metrics ?? [];
        details.Add("metrics", MetricsOf(metrics));
        details.Add("trials", new Cell(sweep.Trials, sweep.Planned is { } planned ? $"{sweep.Trials} of {planned}" : $"{sweep.Trials}"));
        details.Add("planned", new Cell(sweep.Planned, ""));
        foreach (var (state, count) in Counts(sweep))
        {
            details.Add(state, new Cell(count, count > 0 ? $"{count}" : ""));
        }

        details.Add("infeasible", new Cell(sweep.Infeasible, sweep.Infeasible > 0 ? $"{sweep.Infeasible}" : ""));
        AddBest(details, sweep, await results.LeaderboardAsync(id, top: 1, stop));
        var measured = metrics.Count <= FrontVolume.MaxMetrics
            ? await ParetoFront.MeasuredAsync(results, sweep, metrics, stop)
            : [];
        details.Add("hypervolume", VolumeOf(FrontVolume.Of(metrics, measured), measured.Count(one => one.InFront)));
        if (space is { Baseline: true })
        {
            details.Add("baseline", await BaselineAsync(sweep, stop));
        }

        details.Add("prior", sweep.Prior is "[]"
            ? Cell.Of(null)
            : new Cell(JsonNode.Parse(sweep.Prior), string.Join(", ", PriorJson.ReadSources(sweep.Prior))));
        details.Add("edits", sweep.Edits is "{}" ? Cell.Of(null) : Cell.Of(JsonNode.Parse(sweep.Edits)));
        details.Add("priority", new Cell(sweep.Priority, sweep.Priority != 0 ? $"{sweep.Priority}" : ""));
        details.Add("weight", new Cell(sweep.Weight, sweep.Weight is 1 ? "" : $"{sweep.Weight}"));
        details.Add("slot_hours", new Cell(Math.Round(sweep.SlotHours, 6), sweep.SlotHours >= 0.01 ? $"{sweep.SlotHours:0.##}" : ""));
        details.Add("created", Cell.Time(sweep.Created));
        details.Add("started", Cell.Time(sweep.Started));
        details.Add("finished", Cell.Time(sweep.Finished));

        details.Add("rungs", TableOutput.Of(
            ["epoch", "reached", "went_on", "epochs_saved", "correlation", "chance", "found"],
            space is { EarlyTerminate: true } ? await results.LadderAsync(sweep, stop) : [],
            rung =>
            [
                rung.Epoch, rung.Reached, rung.Beyond, rung.Saved, new Cell(rung.Correlation, $"{rung.Correlation:0.00}"),
                new Cell(rung.Chance, $"{rung.Chance:0.00}"), rung.Found,
            ]));
        details.Add("failures", TableOutput.Of(
            ["cause", "trials", "example", "message"],
            await results.FailuresAsync(id, stop),
            failure => [failure.Cause, failure.Trials, failure.Example, failure.Message]));
        details.Add("events", Events(await results.NewsAsync(id, events, stop)));
        return details;
    }

    public static TableOutput Events(IEnumerable<EventRow> rows) => TableOutput.Of(
        ["time", "trial", "kind", "from", "to", "reason", "by"],
        rows,
        row =>
        [
            Cell.Time(row.Time, "yyyy-MM-dd HH:mm:ss"), new Cell(row.Trial, row.Trial?[(row.Sweep.Length + 1)..] ?? ""),
            row.Kind, row.FromState, row.ToState, row.Reason, new Cell(row.Actor, Scheduling.Actor.ToText(row.Actor, row.SaidBy)),
        ]);

    /// <summary>Of several.</summary>
    private static Cell MetricsOf(IReadOnlyList<MetricGoal> metrics) => metrics.Count < 2
        ? Cell.Of(null)
        : new Cell(
            new JsonArray([.. metrics.Select(metric => new JsonObject { ["name"] = metric.Name, ["goal"] = GoalOf(metric) })]),
            string.Join(", ", metrics.Select(metric => $"{metric.Name} {GoalOf(metric)}")));

    private static string GoalOf(MetricGoal metric) => metric.Maximize ? "maximize" : "minimize";

    private static Cell VolumeOf(FrontVolume? volume, int front)
    {
        if (volume is null) return Cell.Of(null);

        JsonObject End(Func<(string Metric, double Worst, double Best), double> end) =>
            new(volume.Axes.Select(axis => KeyValuePair.Create(axis.Metric, TableOutput.ToJson(end(axis)))));

        var axes = volume.Axes.Select(axis => $"{axis.Metric} {Text(axis.Metric, axis.Worst)} to {Text(axis.Metric, axis.Best)}");
        return new Cell(
            new JsonObject
            {
                ["volume"] = TableOutput.ToJson(volume.Volume),
                ["share"] = TableOutput.ToJson(volume.Share),
                ["configurations"] = front,
                ["reference"] = End(axis => axis.Worst),
                ["ideal"] = End(axis => axis.Best),
            },
            string.Create(CultureInfo.InvariantCulture, $"{volume.Share:0.000} of the box from the worst to the best seen: ")
                + $"{string.Join(", ", axes)}; by {Plural.Of(front, "configuration")}");

        static string Text(string metric, double value) => Cell.Metric(metric, value).Text;
    }

    /// <summary>The configuration of defaults: what it has come to, under all of its seeds.</summary>
    private async Task<Cell> BaselineAsync(SweepRow sweep, CancellationToken stop)
    {
        var trials = await results.TrialsAsync(
            SweepId.Parse(sweep.Sweep), new TrialTableRequest("purpose == 'baseline'", Columns: ["number", "state", "value"]), stop);
        if (trials.Matched == 0) return Cell.Of(null);

        var (numbers, states, values) = (trials.Columns[0].Values, trials.Columns[1].Values, trials.Columns[2].Values);
        var trial = $"{sweep.Sweep}/{numbers[0]}";
        var isWhole = states.All(state => state is "completed") && values.All(value => value is not null);
        double? mean = isWhole ? values.Average(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)) : null;
        var text = mean is null
            ? $"{trial}, {states.FirstOrDefault(state => state is not "completed") ?? "without a value"}"
            : $"{Cell.Metric(sweep.Metric, mean).Text}  {trial}";
        return new Cell(new JsonObject { ["trial"] = trial, ["value"] = TableOutput.ToJson(mean) }, text);
    }

    private static (string State, long Count)[] Counts(SweepRow sweep) =>
    [
        ("completed", sweep.Completed), ("running", sweep.Running), ("queued", sweep.Queued), ("paused", sweep.Paused),
        ("pruned", sweep.Pruned), ("failed", sweep.Failed), ("cancelled", sweep.Cancelled),
    ];

    private static void AddBest(Details details, SweepRow sweep, IReadOnlyList<LeaderboardRow> leader)
    {
        if (leader is not [{ IsWhole: true, Value: not null } best])
        {
            details.Add("best", Cell.Of(null));
            return;
        }

        var seeds = best.Confirmed ? "fresh seeds" : "seeds";
        var deviation = best.Deviation is { } known ? $" +- {Text(known)} ({best.Seeds} {seeds})" : "";
        var searched = best.Searched is { } seen ? $"; the search saw {Text(seen)}" : "";
        var interval = best.Confirmed ? $" ({Text(best.Low)} to {Text(best.High)} with 95 %{searched})" : "";
        var text = $"{Text(best.Value)}{deviation}{interval}  {best.Trial}  {ParameterSet.FromJson(best.Params)}";
        details.Add("best", new Cell(
            new JsonObject
            {
                ["trial"] = best.Trial,
                ["value"] = TableOutput.ToJson(best.Value),
                ["deviation"] = TableOutput.ToJson(best.Deviation),
                ["seeds"] = best.Seeds,
                ["confirmed"] = best.Confirmed,
                ["low"] = TableOutput.ToJson(best.Low),
                ["high"] = TableOutput.ToJson(best.High),
                ["searched"] = TableOutput.ToJson(best.Searched),
                ["params"] = JsonNode.Parse(best.Params),
            },
            text));

        string Text(double? value) => Cell.Metric(sweep.Metric, value).Text;
    }
}
