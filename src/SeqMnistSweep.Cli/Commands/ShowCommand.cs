using System.CommandLine;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> _id = new("id") { HelpName = "ID", Description = "a sweep (its id, the beginning of it, @last) or a trial such as tcn-7f3k/17" };
    private readonly Option<int> _events = new("--events") { Description = "the last so many events", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _config = new("--config") { Description = "the sweep file alone, as it was given" };

    public ShowCommand(CommonOptions options)
        : base(
            "show",
            "one sweep or trial in full",
            "Sweeps",
            ("seqsweep show @last", "progress, best, failures by cause, events"),
            ("seqsweep show tcn-7f3k/17", "one trial with its reports"),
            ("seqsweep show tcn-7f3k --config > x.yaml", "the sweep's file"))
    {
        Add(_id);
        Add(options.Database);
        Add(options.Head);
        Add(_events);
        Add(_config);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var id = parsed.GetValue(_id)!;
            var events = Math.Max(0, parsed.GetValue(_events));
            var slash = id.LastIndexOf('/');
            if (parsed.GetValue(_config))
            {
                options.Context.Out.Write((await SweepReference.ResolveAsync(results, slash < 0 ? id : id[..slash], stop)).Spec);
                return ExitCodes.Ok;
            }

            var details = slash < 0 ? await OfSweepAsync(results, options.Context, id, events, stop) : await OfTrialAsync(results, id, events, stop);
            details.Write(options.Context.Out, parsed.GetValue(options.Output)!, options.OutProfile(parsed));
            return ExitCodes.Ok;
        });
    }

    private static async Task<Details> OfSweepAsync(IResults results, CommandContext context, string reference, int events, CancellationToken stop)
    {
        var sweep = await SweepReference.ResolveAsync(results, reference, stop);
        var id = SweepId.Parse(sweep.Sweep);
        var details = new Details();
        details.Add("sweep", sweep.Sweep);
        details.Add("state", sweep.State);
        details.Add("reason", sweep.Reason);
        details.Add("waits", await WaitReason.OfAsync(results, sweep, context, stop));
        details.Add("method", sweep.Method);
        details.Add("metric", sweep.Metric);
        details.Add("goal", sweep.Goal);
        details.Add("trials", new Cell(sweep.Trials, sweep.Planned is { } planned ? $"{sweep.Trials} of {planned}" : $"{sweep.Trials}"));
        details.Add("planned", new Cell(sweep.Planned, ""));
        foreach (var (state, count) in Counts(sweep))
        {
            details.Add(state, new Cell(count, count > 0 ? $"{count}" : ""));
        }

        details.Add("infeasible", new Cell(sweep.Infeasible, sweep.Infeasible > 0 ? $"{sweep.Infeasible}" : ""));
        AddBest(details, sweep, await results.LeaderboardAsync(id, top: 1, stop));
        details.Add("prior", sweep.Prior is "[]" ? Cell.Of(null) : new Cell(JsonNode.Parse(sweep.Prior), string.Join(", ", PriorJson.ReadSources(sweep.Prior))));
        details.Add("edits", sweep.Edits is "{}" ? Cell.Of(null) : Cell.Of(JsonNode.Parse(sweep.Edits)));
        details.Add("priority", new Cell(sweep.Priority, sweep.Priority != 0 ? $"{sweep.Priority}" : ""));
        details.Add("weight", new Cell(sweep.Weight, sweep.Weight is 1 ? "" : $"{sweep.Weight}"));
        details.Add("slot_hours", new Cell(Math.Round(sweep.SlotHours, 6), sweep.SlotHours >= 0.01 ? $"{sweep.SlotHours:0.##}" : ""));
        details.Add("created", sweep.Created);
        details.Add("started", sweep.Started);
        details.Add("finished", sweep.Finished);

        var failures = new TableOutput(["cause", "trials", "example", "message"]);
        foreach (var failure in await results.FailuresAsync(id, stop))
        {
            failures.Add(Cell.Of(failure.Cause), Cell.Of(failure.Trials), Cell.Of(failure.Example), Cell.Of(failure.Message));
        }

        details.Add("failures", failures);
        details.Add("events", Events(await results.EventsAsync(id, events, stop)));
        return details;
    }

    private static (string State, long Count)[] Counts(SweepRow sweep) =>
    [
        ("completed", sweep.Completed), ("running", sweep.Running), ("queued", sweep.Queued), ("paused", sweep.Paused),
        ("pruned", sweep.Pruned), ("failed", sweep.Failed), ("cancelled", sweep.Cancelled),
    ];

    private static void AddBest(Details details, SweepRow sweep, IReadOnlyList<LeaderboardRow> leader)
    {
        if (leader is not [var best])
        {
            details.Add("best", Cell.Of(null));
            return;
        }

        var deviation = best.Deviation is { } known ? $" +- {Cell.Metric(sweep.Metric, known).Text} ({best.Seeds} seeds)" : "";
        var text = $"{Cell.Metric(sweep.Metric, best.Value).Text}{deviation}  {best.Trial}  {ParameterSet.FromJson(best.Params)}";
        details.Add("best", new Cell(
            new JsonObject
            {
                ["trial"] = best.Trial,
                ["value"] = TableOutput.ToJson(best.Value),
                ["deviation"] = TableOutput.ToJson(best.Deviation),
                ["seeds"] = best.Seeds,
                ["params"] = JsonNode.Parse(best.Params),
            },
            text));
    }

    private static async Task<Details> OfTrialAsync(IResults results, string reference, int events, CancellationToken stop)
    {
        var (sweep, trial) = await SweepReference.ResolveTrialAsync(results, reference, stop);
        var id = TrialId.Parse(trial.Trial);
        var details = new Details();
        details.Add("trial", trial.Trial);
        details.Add("state", trial.State);
        details.Add("cause", trial.Cause);
        details.Add("message", trial.Message);
        details.Add("value", Cell.Metric(sweep.Metric, trial.Value));
        details.Add("metric", sweep.Metric);
        details.Add("epoch", trial.Epoch);
        details.Add("epochs", trial.Epochs);
        details.Add("test_loss", trial.TestLoss);
        details.Add("test_accuracy", Cell.Metric("test_accuracy", trial.TestAccuracy));
        details.Add("params", new Cell(JsonNode.Parse(trial.Params), ParameterSet.FromJson(trial.Params).ToString()));
        details.Add("seed", trial.Seed);
        details.Add("configuration", trial.Configuration);
        details.Add("origin", trial.Origin);
        details.Add("parameters", trial.Parameters);
        details.Add("attempts", trial.Attempts);
        details.Add("worker", trial.Worker);
        details.Add("device", trial.Device);
        details.Add("created", trial.Created);
        details.Add("started", trial.Started);
        details.Add("finished", trial.Finished);
        details.Add("reports", Reports(await results.ReportsAsync(id, stop)));
        details.Add("events", Events(await results.EventsAsync(id, events, stop)));
        return details;
    }

    private static TableOutput Reports(IReadOnlyList<ReportRow> rows)
    {
        var metrics = rows.Select(row => EpochReport.FromJson((int)row.Epoch, row.Metrics)).ToList();
        var names = metrics.SelectMany(report => report.Metrics.Keys).Distinct().OrderBy(Rank).ThenBy(name => name, StringComparer.Ordinal).ToList();
        var table = new TableOutput(["epoch", "attempt", .. names]);
        foreach (var (row, report) in rows.Zip(metrics))
        {
            table.Add([Cell.Of(row.Epoch), Cell.Of(row.Attempt), .. names.Select(name => Cell.Metric(name, report[name]))]);
        }

        return table;
    }

    private static TableOutput Events(IReadOnlyList<EventRow> rows)
    {
        var table = new TableOutput(["time", "trial", "kind", "from", "to", "reason", "by"]);
        foreach (var row in rows)
        {
            table.Add(
                new Cell(row.Time, row.Time[..19].Replace('T', ' ')), new Cell(row.Trial, row.Trial is null ? "" : row.Trial[(row.Sweep.Length + 1)..]), Cell.Of(row.Kind), Cell.Of(row.FromState), Cell.Of(row.ToState), Cell.Of(row.Reason), Cell.Of(row.Actor));
        }

        return table;
    }

    /// <summary>What was evaluated comes first, measurements of the machine last: a narrow terminal cuts at the right.</summary>
    private static int Rank(string metric) => metric switch
    {
        _ when metric.StartsWith("val_", StringComparison.Ordinal) => 0,
        _ when metric.StartsWith("test_", StringComparison.Ordinal) => 1,
        _ when metric.StartsWith("train_", StringComparison.Ordinal) => 2,
        _ when EpochReport.IsTiming(metric) => 4,
        _ => 3,
    };
}
