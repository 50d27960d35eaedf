using System.Collections.Immutable;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Benchmarks.Chaos;

/// <summary>A sweep of two completed trials with two epochs each, to be spoiled.</summary>
internal static class ChaosSweep
{
    public static readonly DateTimeOffset Start = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);

    public static RestoredSweep Completed { get; } = new(
        new SweepRecord { Id = SweepId.Parse("chaos-0000"), Name = "chaos", State = SweepState.Completed, Method = "grid", Metric = "val_accuracy", Maximize = true, Source = "", Digest = "", Created = Start },
        [Trial(1), Trial(2)],
        [Report(1, 1), Report(1, 2), Report(2, 1), Report(2, 2)],
        []);

    public static RestoredSweep With(this RestoredSweep sweep, int trial, Func<TrialRecord, TrialRecord> change) =>
        sweep with { Trials = [.. sweep.Trials.Select(record => record.Number == trial ? change(record) : record)] };

    public static RestoredSweep Without(this RestoredSweep sweep, int trial, int epoch) =>
        sweep with { Reports = [.. sweep.Reports.Where(report => (report.Trial, report.Report.Epoch) != (trial, epoch))] };

    public static StoredReport Report(int trial, int epoch, double accuracy = 0.5, int attempt = 1, int second = 0) => new(
        trial, attempt, new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("val_accuracy", accuracy)), Start.AddSeconds(second));

    public static EventRow Move(int trial, string to, int attempt = 1, int second = 0) => new(
        0, "chaos-0000", $"chaos-0000/{trial}", "state", FromState: null, to, Cause: null, Reason: "", "w1", attempt, $"2026-11-25T10:00:{second:00}.000Z");

    public static WorkerRow WorkerRow(string name, string incarnation, string state = "ready") => new(
        name, incarnation, "cpu", Slots: 1, state, Started: "", Seen: "", "[]", Version: null, AllowsPrograms: false, DrainReason: null, DrainedBy: null);

    private static TrialRecord Trial(int number) => new()
    {
        Number = number,
        Configuration = number,
        Parameters = ParameterSet.FromJson($$"""{"lr":{{number}}}"""),
        Seed = 1111,
        Created = Start,
        State = TrialState.Completed,
        Attempts = 1,
        Lease = 1,
        Epoch = 2,
        Value = 0.5,
        ValueEpoch = 1,
        Checkpoint = new CheckpointFile(2, 0, $"digest{number}", 10),
    };
}
