using System.Collections.Immutable;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>A finished sweep of many trials with a curve each, written as a head writes it; the same every time.</summary>
internal static class LargeSweep
{
    public static readonly SweepId Id = SweepId.Parse("large-0000");

    private const int TrialsPerWrite = 200;

    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task WriteAsync(string database, int trials, int epochs)
    {
        using var open = ResultDatabase.Open(database, TimeProvider.System);
        using var writer = new ResultWriter(open);
        await writer.WriteAsync(Id, [new SweepChange.SweepAdded(Sweep(trials))]);
        var waiting = new Queue<Task>();
        foreach (var numbers in Enumerable.Range(1, trials).Chunk(TrialsPerWrite))
        {
            waiting.Enqueue(writer.WriteAsync(Id, [.. numbers.SelectMany(number => Trial(number, epochs))]));
            if (waiting.Count > 8)
            {
                await waiting.Dequeue();
            }
        }

        await Task.WhenAll(waiting);
    }

    private static IEnumerable<SweepChange> Trial(int number, int epochs)
    {
        var random = new Random(number);
        var lr = Math.Round(Math.Pow(10, -5 + (4 * random.NextDouble())), 8);
        var levels = random.Next(4, 10);
        var dropout = Math.Round(random.NextDouble() / 2, 4);
        var quality = 0.99 - (0.03 * Math.Abs(Math.Log10(lr) + 2.7)) - (0.004 * Math.Abs(levels - 8)) - (0.02 * dropout) + (0.004 * random.NextDouble());
        var state = number % 50 == 0 ? TrialState.Failed : number % 5 == 0 ? TrialState.Pruned : TrialState.Completed;
        var begins = Start.AddSeconds(number * 5);
        string[] optimizers = ["Adam", "AdamW", "SGD", "RMSprop"];
        yield return new SweepChange.TrialAdded(new TrialRecord
        {
            Number = number,
            Configuration = number,
            Parameters = ParameterSet.FromJson(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $$"""{"lr":{{lr:R}},"levels":{{levels}},"kernel_size":{{3 + (2 * random.Next(4))}},"hidden":{{8 * random.Next(2, 16)}},"dropout":{{dropout:0.0###}},"optimizer":"{{optimizers[random.Next(4)]}}","epochs":{{epochs}}}""")),
            Seed = 1111,
            Origin = $"random draw {number}",
            State = state,
            Cause = state == TrialState.Failed ? FailureCause.OutOfMemory : null,
            Message = state == TrialState.Failed ? "out of memory" : null,
            Lease = 1,
            Attempts = 1,
            Epoch = epochs,
            Value = quality,
            ValueEpoch = epochs - 1,
            TestAccuracy = state == TrialState.Completed ? quality - 0.001 : null,
            Worker = $"gpu-{number % 64}",
            Device = "cuda:0",
            Created = begins,
            Started = begins,
            Finished = begins.AddSeconds(300 + random.Next(60)),
        });
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var reached = quality * (1 - Math.Exp(-0.7 * epoch));
            yield return new SweepChange.ReportAdded(number, 1, 1, new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty
                .Add("train_loss", 2.3 * Math.Exp(-0.4 * epoch)).Add("val_loss", 2.4 * Math.Exp(-0.38 * epoch)).Add("val_accuracy", reached).Add("epoch_seconds", 15)), begins.AddSeconds(15 * epoch));
        }
    }

    private static SweepRecord Sweep(int trials) => new()
    {
        Id = Id,
        Name = "large",
        State = SweepState.Completed,
        Reason = "every trial has ended",
        Method = "random",
        Metric = "val_accuracy",
        Maximize = true,
        Source = "name: large\nmethod: random\nparameters:\n  lr: {distribution: log_uniform_values, min: 0.00001, max: 0.1}\n  levels: {min: 4, max: 9}\n  kernel_size: {values: [3, 5, 7, 9]}\n",
        Digest = "large",
        Planned = trials,
        Created = Start,
        Started = Start,
        Finished = Start.AddSeconds(trials * 5),
    };
}
