using System.Globalization;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>
/// Short real trials on a head and two workers as processes, for some time: whether memory and open files stay as they are. A tenth of the
/// time is for warming up. <c>bench train --soak</c> is another: there one runner alone, looked at more closely.
/// </summary>
internal sealed class SoakBench(TimeSpan length, TimeProvider time, Action<string> progress, CancellationToken stop)
{
    /// <summary>What a collector that has not run yet, or a pool that was filled once, may add; a leak goes on.</summary>
    private const double MostGrowth = 32;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly string[] Workers = ["one", "two"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync()
    {
        using var fleet = new BenchFleet();
        foreach (var worker in Workers)
        {
            fleet.StartWorker(worker, "--slots", "1");
        }

        var sweep = fleet.Submit(Sweep);
        var samples = await SamplesAsync(fleet, sweep);
        if (fleet.Reader.Sweep(sweep) is { Failed: > 0 } row)
        {
            throw new InvalidOperationException($"{row.Failed} of {row.Trials} trials failed");
        }

        return Judge(samples);
    }

    /// <exception cref="InvalidOperationException">Too little happened to judge by.</exception>
    internal static IReadOnlyList<BenchResult> Judge(IReadOnlyList<SoakSample> all)
    {
        var samples = all.Skip(all.Count / 10).ToList();
        if (samples.Count < 10 || samples[^1].Trials - samples[0].Trials < 10)
        {
            throw new InvalidOperationException("too few trials have ended to judge by: give it more time");
        }

        var (first, last) = (samples[0], samples[^1]);
        var half = samples.First(sample => sample.Trials >= (first.Trials + last.Trials) / 2);
        var database = (last.Bytes - half.Bytes) / (last.Trials - half.Trials) / ((half.Bytes - first.Bytes) / (half.Trials - first.Trials));
        return
        [
            BenchResult.Fact("trials", last.Trials - first.Trials, "trials"),
            .. Memory("head", samples, sample => sample.Head),
            .. Workers.SelectMany((worker, i) => Memory($"worker {worker} and its runner", samples, sample => sample.Workers[i])),
            BenchResult.Fact("database, per trial", (last.Bytes - first.Bytes) / (last.Trials - first.Trials), "bytes"),
            BenchResult.AtMost("database, per trial, second half / first half", database, 1.2, "x"),
        ];
    }

    private static IEnumerable<BenchResult> Memory(string name, List<SoakSample> samples, Func<SoakSample, ProcessFigures> of)
    {
        var fit = LinearFit.Of([.. samples.Select(sample => (sample.Trials, of(sample).Megabytes))]);
        yield return BenchResult.Fact($"memory of the {name}", samples.Average(sample => of(sample).Megabytes), "MB");
        yield return BenchResult.Fact($"memory of the {name}, fitted", 1000 * fit.Slope, "MB per 1,000 trials");
        yield return BenchResult.AtMost($"growth of the {name}, fitted", fit.At(samples[^1].Trials) - fit.At(samples[0].Trials), MostGrowth, "MB");
        yield return BenchResult.AtMost($"open files of the {name}, more than at first", Median(samples[^(samples.Count / 3)..], of) - Median(samples[..(samples.Count / 3)], of), 1, "files");
    }

    private static double Median(List<SoakSample> samples, Func<SoakSample, ProcessFigures> of) => samples.Select(sample => of(sample).Files).Order().ElementAt(samples.Count / 2);

    private async Task<List<SoakSample>> SamplesAsync(BenchFleet fleet, SweepId sweep)
    {
        var samples = new List<SoakSample>();
        var start = time.GetTimestamp();
        var said = start;
        while (time.GetElapsedTime(start) < length)
        {
            await Task.Delay(Every, time, stop);
            if (fleet.Ended() is { Length: > 0 } ended)
            {
                throw new InvalidOperationException(ended);
            }

            var row = fleet.Reader.Sweep(sweep)!;
            samples.Add(new SoakSample(row.Completed + row.Failed, fleet.Figures("head"), [.. Workers.Select(fleet.FamilyFigures)], fleet.Reader.Bytes()));
            if (time.GetElapsedTime(said) > TimeSpan.FromMinutes(1))
            {
                said = time.GetTimestamp();
                progress(samples[^1].ToString());
            }
        }

        return samples;
    }

    /// <summary>Of many shapes, which is what fills pools; small enough that starting and ending is most of it.</summary>
    private const string Sweep =
        """
        name: soak
        method: random
        metric: {name: val_accuracy, goal: maximize}
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 28}
          levels: {values: [3, 4]}
          hidden: {values: [8, 12, 16, 24]}
          batch_size: {values: [32, 64]}
          optimizer: {values: [Adam, AdamW, SGD, RMSprop]}
          lr: {distribution: log_uniform_values, min: 0.0005, max: 0.01}
          train_limit: {value: 256}
          eval_limit: {value: 64}
          epochs: {value: 2}
        """;
}

/// <param name="Trials">Ended so far.</param>
/// <param name="Workers">Each with its runners.</param>
/// <param name="Bytes">Of the database.</param>
internal sealed record SoakSample(double Trials, ProcessFigures Head, IReadOnlyList<ProcessFigures> Workers, double Bytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Trials:0} trials; head {Head.Megabytes:0} MB, {Head.Files} files; workers {string.Join(", ", Workers.Select(worker => string.Create(CultureInfo.InvariantCulture, $"{worker.Megabytes:0} MB, {worker.Files} files")))}; database {Bytes / 1e6:0.0} MB");
}
