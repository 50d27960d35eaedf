using System.Collections.Immutable;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>Databases that look like years of work, the same every time.</summary>
internal static class SeededSweeps
{
    public static readonly SweepId Grid = SweepId.Parse("tcn-depth-7f3k");

    /// <summary>Its name, parameters and messages are markup.</summary>
    public static readonly SweepId Hostile = SweepId.Parse("markup-h0st");

    private const string Markup = "<img src=x onerror=alert(1)>";

    /// <summary>Of the first test images, the fourth taken for another digit.</summary>
    private const string Samples =
        "5:5:1.0 8:8:0.9969 4:4:0.9938 8:3:0.5312 7:7:0.9876 4:4:0.9845 7:7:0.9814 2:2:0.9783 4:4:0.9752 9:9:0.9721 9:9:0.969 6:6:0.9659 7"
        + ":7:0.9628 3:3:0.9597 9:9:0.9566 3:3:0.9535 3:3:0.9504 5:5:0.9473 0:0:0.9442 9:9:0.9411 3:3:0.938 7:7:0.9349 7:7:0.9318 6:6:0.9287";

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly string Spec = """
        # How deep and how wide must a TCN be to see all 784 pixels?
        name: tcn-depth
        method: grid
        parameters:
          levels: {values: [5, 6, 7, 8, 9]}
          kernel_size: {values: [3, 5, 7, 9]}
          lr: {values: [0.0005, 0.002, 0.008]}
          dropout: {values: [0.0, 0.1]}
          hidden: {value: 24}
          epochs: {value: 12}
        seeds: {count: 2}
        """;

    public static async Task WriteAsync(string path)
    {
        using var database = ResultDatabase.Open(path, TimeProvider.System);
        using var writer = new ResultWriter(database);
        await WriteGridAsync(writer);
        await WriteHostileAsync(writer);
        await writer.WriteAsync(new WorkerSeen("gpu-1", "10.0.0.1:4711@1", "cuda:0 NVIDIA H100", 1, "gone", Start.AddHours(8)) { Version = "0.1.0", Tags = ["h100"] });
        await writer.WriteAsync(new WorkerSeen("gpu-2", "10.0.0.2:4711@1", "cuda:0 NVIDIA H100", 1, "gone", Start.AddHours(8)) { Version = "0.1.0", DrainReason = $"new disk {Markup}", DrainedBy = "ada@lab" });
    }

    private static async Task WriteGridAsync(ResultWriter writer)
    {
        var points = (from levels in new[] { 5, 6, 7, 8, 9 }
                      from kernel in new[] { 3, 5, 7, 9 }
                      where 1 + (2 * (kernel - 1) * ((1 << levels) - 1)) >= 784
                      from lr in new[] { 0.0005, 0.002, 0.008 }
                      from dropout in new[] { 0.0, 0.1 }
                      from seed in new[] { 0, 1 }
                      select (levels, kernel, lr, dropout, seed)).ToList();
        var changes = new List<SweepChange>
        {
            new SweepChange.SweepAdded(Sweep(Grid, "tcn-depth", Spec, points.Count) with { Seeds = 2, Infeasible = 54, Finished = Start.AddHours(9), Reason = "every trial has ended" }),
            Event(new Occurrence.SweepSubmitted(SweepState.Queued), "submitted", "ada@lab", 0),
        };
        for (var i = 0; i < points.Count; i++)
        {
            var (levels, kernel, lr, dropout, seed) = points[i];
            changes.AddRange(Trial(i + 1, (i / 2) + 1, seed, $$"""{"levels":{{levels}},"kernel_size":{{kernel}},"lr":{{lr:0.0####}},"dropout":{{dropout:0.0}},"hidden":24,"epochs":12}""", Quality(levels, kernel, lr, dropout)));
        }

        changes.Add(Event(new Occurrence.SweepMoved(SweepState.Running, SweepState.Completed, SweepCause.Finished), "every trial has ended", "schedule", 540));
        await writer.WriteAsync(Grid, changes);
    }

    private static async Task WriteHostileAsync(ResultWriter writer)
    {
        var spec = $"name: markup\nmethod: grid\nparameters:\n  lr: {{values: [0.1]}}\n# {Markup}\n";
        await writer.WriteAsync(Hostile,
        [
            new SweepChange.SweepAdded(Sweep(Hostile, "markup", spec, 1) with { State = SweepState.Failed, Reason = $"no trial completed {Markup}", Finished = Start.AddMinutes(2) }),
            new SweepChange.TrialAdded(Record(1, 1, 0, $$"""{"optimizer":"{{Markup}}","lr":0.1}""") with
            {
                State = TrialState.Failed, Cause = FailureCause.Crashed, Message = $"could not read {Markup}", Origin = Markup, Worker = "gpu-2", Device = Markup, Failures = 3, Attempts = 3,
                Facts = $$"""{"note":"{{Markup}}"}""",
            }),
            Event(Moved(1, TrialState.Running, TrialState.Failed, TransitionCause.Failed), $"it said {Markup}", Markup, 2),
        ]);
    }

    private static IEnumerable<SweepChange> Trial(int number, int configuration, int seed, string parameters, double quality)
    {
        var random = new Random(number);
        var begins = Start.AddMinutes(number * 2.6);
        var worker = number % 2 == 0 ? "gpu-1" : "gpu-2";
        var fails = number % 41 == 0;
        var pruned = !fails && quality < 0.976;
        var epochs = fails ? 2 : pruned ? 3 : 12;
        var record = Record(number, configuration, seed, parameters) with { Worker = worker, Device = "cuda:0", Started = begins, Attempts = number % 17 == 0 ? 2 : 1, Origin = $"grid point {configuration} of 120" };
        var reports = Enumerable.Range(1, epochs).Select(epoch => new EpochReport(epoch, Metrics(epoch, quality, random))).ToList();
        var best = reports.MaxBy(report => report["val_accuracy"])!;
        yield return new SweepChange.TrialAdded(record with
        {
            State = fails ? TrialState.Failed : pruned ? TrialState.Pruned : TrialState.Completed,
            Cause = fails ? FailureCause.OutOfMemory : null,
            Message = fails ? "CUDA out of memory: tried to allocate 2.1 GiB" : null,
            Epoch = epochs,
            Value = best["val_accuracy"],
            ValueEpoch = best.Epoch,
            TestAccuracy = fails || pruned ? null : best["val_accuracy"] - 0.001,
            TestLoss = fails || pruned ? null : 0.1,
            Finished = begins.AddMinutes(epochs * 0.4),
            Facts = fails || pruned
                ? """{"libtorch":"2.10.0","parameters":62880,"receptive_field":1525}"""
                : $$"""{"dataset":"glyphs","libtorch":"2.10.0","parameters":62880,"receptive_field":1525,"samples":"{{Samples}}"}""",
        });
        foreach (var report in reports)
        {
            yield return new SweepChange.ReportAdded(number, 1, 1, report, begins.AddMinutes(0.4 * report.Epoch));
        }

        var minute = number * 2.6;
        yield return Event(Moved(number, TrialState.Queued, TrialState.Leased, TransitionCause.Granted), $"granted to {worker}", worker, minute);
        yield return Event(Moved(number, TrialState.Leased, TrialState.Running, TransitionCause.Started), "attempt 1 started on cuda:0", worker, minute);
        var (to, cause, reason) = fails ? (TrialState.Failed, TransitionCause.Failed, "out of memory")
            : pruned ? (TrialState.Pruned, TransitionCause.Pruned, "below the median at epoch 3")
            : (TrialState.Completed, TransitionCause.Finished, "the last epoch is done");
        yield return Event(
            Moved(number, TrialState.Running, to, cause), reason, fails || pruned ? "schedule" : worker, minute + (epochs * 0.4));
    }

    private static ImmutableSortedDictionary<string, double> Metrics(int epoch, double quality, Random random)
    {
        var reached = quality * (1 - Math.Exp(-0.9 * epoch)) + (0.002 * (random.NextDouble() - 0.5));
        return ImmutableSortedDictionary<string, double>.Empty
            .Add("train_loss", 2.3 * Math.Exp(-0.5 * epoch) + 0.05).Add("train_accuracy", Math.Min(1, reached + 0.004))
            .Add("val_loss", 2.3 * Math.Exp(-0.45 * epoch) + 0.08).Add("val_accuracy", reached)
            .Add("epoch_seconds", 24 + random.NextDouble()).Add("samples_per_second", 2100 + (50 * random.NextDouble()));
    }

    private static double Quality(int levels, int kernel, double lr, double dropout) =>
        0.988 - (0.002 * Math.Abs(levels - 7)) - (0.001 * Math.Abs(kernel - 7)) - (0.012 * Math.Abs(Math.Log10(lr / 0.002))) - (0.02 * Math.Abs(dropout - 0.05));

    private static SweepRecord Sweep(SweepId id, string name, string source, int planned) => new()
    {
        Id = id,
        Name = name,
        State = SweepState.Completed,
        Method = "grid",
        Metric = "val_accuracy",
        Maximize = true,
        Source = source,
        Digest = id.Value,
        Planned = planned,
        Created = Start,
        Started = Start,
    };

    private static TrialRecord Record(int number, int configuration, int seed, string parameters) => new()
    {
        Number = number,
        Configuration = configuration,
        Parameters = ParameterSet.FromJson(parameters),
        Seed = 1111 + seed,
        Lease = 1,
        Created = Start,
    };

    private static Occurrence.TrialMoved Moved(int trial, TrialState from, TrialState to, TransitionCause cause) =>
        new(trial, 1, from, to, cause, cause == TransitionCause.Failed ? FailureCause.OutOfMemory : null);

    private static SweepChange.EventAdded Event(Occurrence what, string reason, string by, double minute) =>
        new(new SweepEvent(what, reason, by, Start.AddMinutes(minute)));
}
