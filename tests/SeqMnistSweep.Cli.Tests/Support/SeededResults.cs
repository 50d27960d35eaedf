using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>A database that is the same every time: a sweep that has ended, one that runs with a trial that was lost once, and two workers.</summary>
internal static class SeededResults
{
    public const string Spec = "program: noop\nmethod: grid\nmetric: {name: value, goal: minimize}\nparameters:\n  x0: {values: [0.1, 0.2]}\n";

    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public static async Task WriteAsync(string path)
    {
        using var database = ResultDatabase.Open(path, TimeProvider.System);
        using var writer = new ResultWriter(database);
        await WriteEndedAsync(writer);
        await WriteLiveAsync(writer);
        await writer.WriteAsync(new WorkerSeen("gpu-1", "gpu-1-1", "cuda:0", 2, "ready", Time) { Version = "0.1.0", Tags = ["a100"] });
        await writer.WriteAsync(new WorkerSeen("gpu-2", "gpu-2-1", "cuda:0", 1, "drained", Time) { Version = "0.1.0", DrainReason = "new disk", DrainedBy = "ada@lab" });
    }

    private static async Task WriteEndedAsync(ResultWriter writer)
    {
        var sweep = Sweep("tcn-done", SweepState.Completed, 0) with { Finished = Time.AddHours(1), Reason = "every trial has ended", Infeasible = 2 };
        await writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.TrialAdded(Trial(1, 8, TrialState.Completed, 0.98)),
            new SweepChange.TrialAdded(Trial(2, 7, TrialState.Completed, 0.975)),
            new SweepChange.TrialAdded(Trial(3, 6, TrialState.Failed, null) with { Cause = FailureCause.OutOfMemory, Message = "no\u001b[31m memory", Failures = 3 }),
            new SweepChange.ReportAdded(1, 1, 1, EpochReport.FromJson(1, """{"train_loss":0.5,"val_accuracy":0.91}"""), Time.AddMinutes(2)),
            new SweepChange.ReportAdded(1, 1, 2, EpochReport.FromJson(2, """{"train_loss":0.25,"val_accuracy":0.98}"""), Time.AddMinutes(3)),
            Event(new Occurrence.SweepSubmitted(SweepState.Queued), "submitted", "ada@lab", 0),
            Event(new Occurrence.TrialMoved(3, 1, TrialState.Running, TrialState.Failed, TransitionCause.Failed, FailureCause.OutOfMemory), "out of memory", "gpu-1", 30),
            Event(new Occurrence.SweepMoved(SweepState.Running, SweepState.Completed, SweepCause.Finished), "every trial has ended", "schedule", 60),
        ]);
    }

    private static async Task WriteLiveAsync(ResultWriter writer)
    {
        var sweep = Sweep("tcn-live", SweepState.Running, 2);
        await writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.TrialAdded(Trial(1, 8, TrialState.Completed, 0.98)),
            new SweepChange.TrialAdded(Trial(2, 7, TrialState.Running, 0.91) with
            {
                Attempts = 2,
                Lease = 2,
                Granted = Time.AddMinutes(131),
                AttemptStarted = Time.AddMinutes(132),
                Started = Time.AddMinutes(122),
                Finished = null,
                Worker = "gpu-1",
                Incarnation = "gpu-1-1",
                Device = "cuda:0",
                Epoch = 2,
            }),
            new SweepChange.AttemptEnded(2, 2, new AttemptRecord(
                1, "gpu-2", "cuda:0", Time.AddMinutes(121), Time.AddMinutes(122), Time.AddMinutes(130), TrialState.Queued, TransitionCause.WorkerLost, null)),
            new SweepChange.TrialAdded(Trial(3, 6, TrialState.Queued, null) with { Attempts = 0, Lease = 0, Epoch = 0, Started = null, Finished = null, Origin = "enqueued by ada@lab: a hunch" }),
            Event(new Occurrence.SweepSubmitted(SweepState.Queued), "submitted", "ada@lab", 120),
            Event(new Occurrence.TrialMoved(2, 1, TrialState.Queued, TrialState.Leased, TransitionCause.Granted), "granted to gpu-2", "gpu-2", 121),
            Event(new Occurrence.TrialMoved(2, 1, TrialState.Leased, TrialState.Running, TransitionCause.Started), "attempt 1 started on cuda:0", "gpu-2", 122),
            Event(new Occurrence.TrialMoved(2, 1, TrialState.Running, TrialState.Queued, TransitionCause.WorkerLost), "worker gpu-2 was not heard for 15 s", "schedule", 130),
            Event(new Occurrence.TrialMoved(2, 2, TrialState.Queued, TrialState.Leased, TransitionCause.Granted), "granted to gpu-1", "gpu-1", 131),
            Event(new Occurrence.TrialMoved(2, 2, TrialState.Leased, TrialState.Running, TransitionCause.Started), "attempt 2 started on cuda:0", "gpu-1", 132),
        ]);
    }

    private static SweepChange.EventAdded Event(Occurrence what, string reason, string by, int minute) =>
        new(new SweepEvent(what, reason, by, Time.AddMinutes(minute)));

    private static SweepRecord Sweep(string id, SweepState state, int hour) => new()
    {
        Id = SweepId.Parse(id),
        Name = "tcn",
        State = state,
        Method = "grid",
        Metric = "val_accuracy",
        Maximize = true,
        Source = Spec,
        Digest = id,
        Planned = 4,
        Created = Time.AddHours(hour),
        Started = Time.AddHours(hour),
    };

    private static TrialRecord Trial(int number, int levels, TrialState state, double? value) => new()
    {
        Number = number,
        Configuration = number,
        Parameters = ParameterSet.FromJson($$"""{"levels":{{levels}},"lr":0.002}"""),
        Seed = 1110 + number,
        Origin = $"grid point {number} of 4",
        State = state,
        Lease = 1,
        Attempts = 1,
        Epoch = 5,
        Value = value,
        ValueEpoch = value is null ? null : 5,
        TestAccuracy = value,
        Worker = "gpu-1",
        Device = "cuda:0",
        Created = Time,
        Started = Time.AddMinutes(1),
        Finished = Time.AddMinutes(30),
    };
}
