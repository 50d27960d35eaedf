using System.Collections.Immutable;
using System.Globalization;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>Sweeps that are hard to draw: what <c>pictures.mjs</c> compares with SQL.</summary>
internal static class PictureSweeps
{
    /// <summary>Pruned, failed, cancelled, conditional, seeded, retried trials of two metrics with values that are missing.</summary>
    public static readonly SweepId Mixed = SweepId.Parse("mixed-p1ct");

    /// <summary>One trial of one epoch.</summary>
    public static readonly SweepId Single = SweepId.Parse("single-0ne1");

    /// <summary>No trial completed.</summary>
    public static readonly SweepId Pruned = SweepId.Parse("pruned-0n1y");

    /// <summary>More curves than are drawn as lines.</summary>
    public static readonly SweepId Many = SweepId.Parse("many-c5rv");

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly string Space = """
        program: ask
        method: random
        run_cap: 48
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          levels: {values: [3, 4, 5]}
          lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
          optimizer: {values: [Adam, AdamW, SGD]}
          momentum: {min: 0.0, max: 0.99, when: {optimizer: SGD}}
          nesterov: {values: [true, false]}
          l2: {values: [0.0, 0.0001, 0.01]}
        """;

    public static async Task WriteAsync(string path)
    {
        using var database = ResultDatabase.Open(path, TimeProvider.System);
        using var writer = new ResultWriter(database);
        await WriteAsync(writer, Mixed, seeds: 2, trials: 48, StateOf, epochs: 6);
        await WriteAsync(writer, Single, seeds: 1, trials: 1, _ => TrialState.Completed, epochs: 1);
        await WriteAsync(writer, Pruned, seeds: 1, trials: 5, _ => TrialState.Pruned, epochs: 3);
        await WriteAsync(writer, Many, seeds: 1, trials: 520, number => number % 3 == 0 ? TrialState.Pruned : TrialState.Completed, epochs: 4);
    }

    private static TrialState StateOf(int number) => (number % 8, number % 11) switch
    {
        (5, _) => TrialState.Pruned,
        (_, 7) => TrialState.Failed,
        (_, 9) when number > 40 => TrialState.Cancelled,
        _ => TrialState.Completed,
    };

    private static async Task WriteAsync(ResultWriter writer, SweepId id, int seeds, int trials, Func<int, TrialState> stateOf, int epochs)
    {
        var changes = new List<SweepChange>
        {
            new SweepChange.SweepAdded(new SweepRecord
            {
                Id = id,
                Name = id.Value.Split('-')[0],
                State = SweepState.Completed,
                Method = "random",
                Metric = "val_accuracy",
                Maximize = true,
                Seeds = seeds,
                Source = $"name: {id.Value.Split('-')[0]}\n{Space}\nseeds: {{count: {seeds}}}\n",
                Digest = id.Value,
                Planned = trials,
                Created = Start,
                Started = Start,
                Finished = Start.AddHours(2),
                Cause = SweepCause.Finished,
                Reason = "every trial has ended",
            }),
        };
        for (var number = 1; number <= trials; number++)
        {
            changes.AddRange(Trial(number, seeds, stateOf(number), epochs));
        }

        Assert.Equal(WriteOutcome.Applied, await writer.WriteAsync(id, changes));
    }

    private static IEnumerable<SweepChange> Trial(int number, int seeds, TrialState state, int most)
    {
        var random = new Random(number);
        var configuration = ((number - 1) / seeds) + 1;
        var epochs = state switch { TrialState.Completed => most, TrialState.Pruned => Math.Min(3, most), TrialState.Cancelled => 0, _ => number % 2 };
        // They do not end in the order of their numbers.
        var begins = Start.AddMinutes(number % 2 == 0 ? number : number + 1.5);
        var ends = begins.AddMinutes(0.5 + (epochs * 0.4));
        var worker = $"gpu-{1 + (number % 3)}";
        var reports = Enumerable.Range(1, epochs).Select(epoch => new EpochReport(epoch, Metrics(number, epoch, random))).ToList();
        var best = reports.Where(report => report["val_accuracy"] is { } value && double.IsFinite(value)).MaxBy(report => report["val_accuracy"]);
        var retried = number % 10 == 4;
        var record = new TrialRecord
        {
            Number = number,
            Configuration = configuration,
            Parameters = ParameterSet.FromJson(Parameters(configuration)),
            Seed = number,
            State = state,
            Lease = retried ? 2 : 1,
            Attempts = retried ? 2 : 1,
            Cause = state == TrialState.Failed ? FailureCause.OutOfMemory : null,
            Message = state == TrialState.Failed ? "no memory" : null,
            Worker = worker,
            Incarnation = "1",
            Device = "cuda:0",
            Epoch = epochs,
            Value = best?["val_accuracy"],
            ValueEpoch = best?.Epoch,
            Created = Start,
            Started = retried ? begins.AddMinutes(-0.9) : begins,
            AttemptStarted = begins,
            RunSeconds = (ends - begins).TotalSeconds,
            Finished = ends,
        };
        if (retried)
        {
            // Its worker was lost; another one began it anew.
            yield return new SweepChange.TrialAdded(record with { State = TrialState.Running, Lease = 1, Attempts = 1, AttemptStarted = record.Started, Finished = null });
            yield return new SweepChange.AttemptEnded(number, 1, new AttemptRecord(
                1, "gpu-1", "cuda:0", begins.AddMinutes(-1), begins.AddMinutes(-0.9), begins.AddMinutes(-0.2), TrialState.Queued, TransitionCause.WorkerLost, null));
            yield return new SweepChange.TrialUpdated(record, 1);
        }
        else
        {
            yield return new SweepChange.TrialAdded(record);
        }

        foreach (var report in reports)
        {
            yield return new SweepChange.ReportAdded(number, retried ? 2 : 1, retried ? 2 : 1, report, begins.AddMinutes(0.4 * report.Epoch));
        }

        if (number == 1)
        {
            for (var step = 0; step < 9; step++)
            {
                yield return new SweepChange.StepAdded(1, 1, 1, step * 10, ImmutableSortedDictionary<string, double>.Empty.Add("grad_norm", 1 + random.NextDouble()), begins);
            }
        }
    }

    /// <summary>Trial 9 has no finite accuracy in its second and fourth epoch, and the third stands alone.</summary>
    private static ImmutableSortedDictionary<string, double> Metrics(int number, int epoch, Random random) =>
        ImmutableSortedDictionary<string, double>.Empty
            .Add("val_accuracy", number == 9 && epoch is 2 or 4 ? double.NaN : (0.5 + (0.4 * random.NextDouble())) * (1 - Math.Exp(-0.6 * epoch)))
            .Add("val_loss", 2.3 * Math.Exp(-0.3 * epoch * random.NextDouble()))
            .Add("latency_ms", 1 + (20 * random.NextDouble()));

    private static string Parameters(int configuration)
    {
        var random = new Random(configuration);
        var optimizer = new[] { "Adam", "AdamW", "SGD" }[configuration % 3];
        var lr = Math.Pow(10, -4 + (3 * random.NextDouble()));
        var momentum = optimizer == "SGD" ? string.Create(CultureInfo.InvariantCulture, $",\"momentum\":{random.NextDouble() * 0.99}") : "";
        var (levels, nesterov, l2) = (3 + (configuration % 3), configuration % 4 < 2 ? "true" : "false", new[] { "0.0", "0.0001", "0.01" }[configuration / 3 % 3]);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"levels":{{levels}},"lr":{{lr}},"optimizer":"{{optimizer}}"{{momentum}},"nesterov":{{nesterov}},"l2":{{l2}}}""");
    }
}
