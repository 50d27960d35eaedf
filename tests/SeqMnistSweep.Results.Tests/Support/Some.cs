using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Support;

internal static class Some
{
    public static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public static readonly SweepId Id = SweepId.Parse("tcn-7f3k");

    public static SweepRecord Sweep(string id = "tcn-7f3k", bool maximize = true) => new()
    {
        Id = SweepId.Parse(id),
        Name = id[..^5],
        State = SweepState.Running,
        Method = "grid",
        Metric = maximize ? "val_accuracy" : "val_loss",
        Maximize = maximize,
        Source = "method: grid\n",
        Digest = "d1",
        DatasetDigests = ImmutableSortedDictionary<string, string>.Empty.Add("mnist", "ab"),
        Cursor = 12,
        Infeasible = 64,
        Planned = 192,
        Created = Time,
        Started = Time.AddSeconds(1),
    };

    public static TrialRecord Trial(int number, int? configuration = null) => new()
    {
        Number = number,
        Configuration = configuration ?? number,
        Parameters = ParameterSet.FromJson($$"""{"levels":{{number}},"lr":0.002,"optimizer":"Adam"}"""),
        Seed = 1111,
        Created = Time,
    };

    public static TrialRecord Completed(int number, double? value, int? configuration = null) => Trial(number, configuration) with
    {
        State = TrialState.Completed,
        Lease = 1,
        Attempts = 1,
        Epoch = 5,
        Value = value,
        ValueEpoch = 4,
        TestAccuracy = 0.9,
        Finished = Time.AddMinutes(number),
    };

    public static EpochReport Report(int epoch, double accuracy = 0.5) => new(
        epoch, ImmutableSortedDictionary<string, double>.Empty.Add("train_loss", 0.25).Add("val_accuracy", accuracy));

    public static CheckpointFile Checkpoint(int epoch) => new(epoch, 0, new string((char)('a' + (epoch % 6)), 64), 1000 + epoch);

    public static SweepChange Adding(SweepRecord sweep) => new SweepChange.SweepAdded(sweep);

    public static SweepChange Adding(TrialRecord trial) => new SweepChange.TrialAdded(trial);

    public static SweepChange Reporting(int trial, long lease, EpochReport report) => new SweepChange.ReportAdded(trial, lease, 1, report, Time);
}
