using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>A sweep with enough trials to be drawn: the loss depends on lr, a little on levels, and not on the optimizer.</summary>
internal static class PlottedSweep
{
    public const string Id = "demo-plot";

    private const int Trials = 24;

    private const string Spec = """
        name: demo
        program: ask
        method: random
        run_cap: 24
        metric: {name: loss, goal: minimize}
        parameters:
          lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          levels: {min: 4, max: 9}
          optimizer: {values: [Adam, SGD]}
        """;

    // Older than the others, so that @last means none of these.
    private static readonly DateTimeOffset Time = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Adds it, unless it is there.</summary>
    public static async Task WriteAsync(string path)
    {
        using var database = ResultDatabase.Open(path, TimeProvider.System);
        if (new ResultReader(path).FindSweeps(Id).Count > 0)
        {
            return;
        }

        using var writer = new ResultWriter(database);
        var sweep = new SweepRecord
        {
            Id = SweepId.Parse(Id),
            Name = "demo",
            State = SweepState.Completed,
            Method = "random",
            Metric = "loss",
            Maximize = false,
            Source = Spec,
            Digest = "plot",
            Planned = Trials,
            Created = Time,
            Started = Time,
            Finished = Time.AddHours(1),
        };
        await writer.WriteAsync(sweep.Id, [new SweepChange.SweepAdded(sweep), .. Enumerable.Range(1, Trials).SelectMany(Trial)]);
    }

    private static IEnumerable<SweepChange> Trial(int number)
    {
        // A shuffled ladder of learning rates, the same every time.
        var step = number * 7 % Trials;
        var (lr, levels) = (Math.Round(Math.Pow(10, -4 + (3.0 * step / (Trials - 1))), 6), 4 + (number % 6));
        var loss = Math.Round(Math.Pow(Math.Log10(lr) + 2.5, 2) + (0.02 * Math.Abs(levels - 7)) + 0.1, 6);
        var pruned = number % 8 == 0;
        yield return new SweepChange.TrialAdded(new TrialRecord
        {
            Number = number,
            Configuration = number,
            Parameters = new ParameterSet(
            [
                new("lr", ParameterValue.Of(lr)), new("levels", ParameterValue.Of((long)levels)), new("optimizer", ParameterValue.Of(number % 2 == 0 ? "Adam" : "SGD")),
            ]),
            Seed = 1111,
            State = pruned ? TrialState.Pruned : TrialState.Completed,
            Lease = 1,
            Attempts = 1,
            Epoch = pruned ? 1 : 3,
            Value = pruned ? Math.Round(loss + 1, 6) : loss,
            ValueEpoch = pruned ? 1 : 3,
            Worker = "gpu-1",
            Device = "cuda:0",
            Created = Time,
            Started = Time.AddMinutes(number),
            Finished = Time.AddMinutes(number + 1),
        });
        foreach (var epoch in Enumerable.Range(1, pruned ? 1 : 3))
        {
            yield return new SweepChange.ReportAdded(number, 1, 1, EpochReport.FromJson(epoch, FormattableString.Invariant($"{{\"loss\":{loss + (3 - epoch) / 2.0}}}")), Time.AddMinutes(number));
        }
    }
}
