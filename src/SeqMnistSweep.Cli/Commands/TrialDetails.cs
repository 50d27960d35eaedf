using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>What <c>show</c> says of a trial.</summary>
internal sealed class TrialDetails(ResultSource results, CommandContext context)
{
    /// <param name="last">How many of its events are listed, the last ones.</param>
    public async Task<Details> OfAsync(SweepRow sweep, TrialRow trial, int last, CancellationToken stop)
    {
        var id = TrialId.Parse(trial.Trial);
        var events = await results.EventsAsync(id, int.MaxValue, stop);
        var change = events.LastOrDefault(happened => happened.ToState == trial.State);
        var details = new Details();
        details.Add("trial", trial.Trial);
        details.Add("state", trial.State);
        details.Add("since", change?.Time);
        details.Add("because", change?.Reason);
        details.Add("by", change is null ? null : Scheduling.Actor.ToText(change.Actor, change.SaidBy));
        details.Add("cause", trial.Cause);
        details.Add("message", trial.Message);
        details.Add("waits", await WaitsAsync(sweep, trial, stop));
        details.Add("value", Cell.Metric(sweep.Metric, trial.Value));
        details.Add("metric", sweep.Metric);
        details.Add("epoch", trial.Epoch);
        details.Add("epochs", trial.Epochs);
        if (trial.State == TrialState.Running.ToName() && await results.ProgressAsync(id, stop) is { } now)
        {
            details.Add("batch", new Cell(now.Batch, $"{now.Batch} of {now.Batches} in epoch {now.Epoch}"));
            details.Add("batches_per_second", now.BatchesPerSecond);
            details.Add("seconds_left", now.SecondsLeft);
        }

        details.Add("test_loss", trial.TestLoss);
        details.Add("test_accuracy", Cell.Metric("test_accuracy", trial.TestAccuracy));
        details.Add("params", new Cell(JsonNode.Parse(trial.Params), ParameterSet.FromJson(trial.Params).ToString()));
        details.Add("seed", trial.Seed);
        details.Add("configuration", trial.Configuration);
        details.Add("purpose", trial.Purpose);
        details.Add("origin", trial.Origin);
        details.Add("known_then", events.FirstOrDefault(happened => happened.Kind == EventKinds.Proposed)?.Reason);
        details.Add("parameters", trial.Parameters);
        details.Add("failures", new Cell(trial.Failures, trial.Failures > 0 ? $"{trial.Failures} by its own fault" : ""));
        details.Add("worker", trial.Worker);
        details.Add("device", trial.Device);
        details.Add("created", Cell.Time(trial.Created));
        details.Add("started", Cell.Time(trial.Started));
        details.Add("finished", Cell.Time(trial.Finished));
        details.Add("attempts", Attempts(await results.AttemptsAsync(id, stop)));
        details.Add("reports", Reports((await results.ReportsAsync(id, stop)).Select(row => (row.Epoch, row.Attempt, row.Metrics))));
        if (await results.SupersededAsync(id, stop) is { Count: > 0 } superseded)
        {
            details.Add("superseded", Reports(superseded.Select(row => (row.Epoch, row.Attempt, row.Metrics))));
        }

        details.Add("facts", Facts(trial.Facts));
        details.Add("events", SweepDetails.Events(events.Where(happened => happened.Kind != EventKinds.Proposed).TakeLast(last)));
        return details;
    }

    /// <summary>A trial that is queued waits for what its sweep waits for, or for its turn.</summary>
    private async Task<string?> WaitsAsync(SweepRow sweep, TrialRow trial, CancellationToken stop) =>
        StateNames.Parse<TrialState>(trial.State) switch
        {
            TrialState.Queued or TrialState.Paused =>
                await WaitReason.OfAsync(results, sweep, context, stop) ?? "its turn: others of its sweep run",
            TrialState.Leased => $"granted to {trial.Worker}, about to start",
            _ => null,
        };

    /// <summary>What is known of what it ran, and the values that it told of itself; without tables of predictions.</summary>
    private static TableOutput Facts(string? json) => TableOutput.Of(
        ["fact", "value"],
        (JsonNode.Parse(json ?? "{}") as JsonObject ?? []).Where(fact => fact.Key != SamplePrediction.Fact),
        fact => [fact.Key, fact.Value?.ToString()]);

    private static TableOutput Attempts(IReadOnlyList<AttemptRow> attempts) => TableOutput.Of(
        ["attempt", "worker", "device", "outcome", "cause", "granted", "started", "ended"],
        attempts,
        attempt =>
        [
            attempt.Attempt, attempt.Worker, attempt.Device, new Cell(attempt.Outcome, attempt.Outcome ?? "runs"), attempt.Cause,
            Clock(attempt.Granted), Clock(attempt.Started), Clock(attempt.Ended),
        ]);

    private static Cell Clock(string? time) => Cell.Time(time, "HH:mm:ss");

    private static TableOutput Reports(IEnumerable<(long Epoch, long Attempt, string Metrics)> rows)
    {
        var metrics = rows.Select(row => EpochReport.FromJson((int)row.Epoch, row.Metrics)).ToList();
        var names = metrics.SelectMany(report => report.Metrics.Keys).Distinct().OrderBy(Rank).ThenBy(name => name, StringComparer.Ordinal);
        return TableOutput.Of(
            ["epoch", "attempt", .. names],
            rows.Zip(metrics),
            pair => [pair.First.Epoch, pair.First.Attempt, .. names.Select(name => (object?)Cell.Metric(name, pair.Second[name]))]);
    }

    /// <summary>Evaluations come first, measurements of the machine last: a narrow terminal cuts at the right.</summary>
    private static int Rank(string metric) => metric switch
    {
        _ when metric.StartsWith("val_", StringComparison.Ordinal) => 0,
        _ when metric.StartsWith("test_", StringComparison.Ordinal) => 1,
        _ when metric.StartsWith("train_", StringComparison.Ordinal) => 2,
        _ when EpochReport.IsTiming(metric) => 4,
        _ => 3,
    };
}
