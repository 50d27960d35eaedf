using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Benchmarks.Training;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables.Tcn;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Benchmarks;

/// <summary>
/// Training of the notebook's network (batch 128, dropout 0.05, Adam) against the notebook's own step in PyTorch. Everyone takes turns step
/// by step, so that a busy machine slows all alike.
/// </summary>
internal static class TrainBench
{
    private const int WarmUp = 2;
    private const double StepsPerEpoch = 60_000.0 / 128;

    private static readonly string[] Precisions = ["fp32", "tf32", "bf16"];

    /// <summary>Of vectors, the widest first; numbers one after the other only where there are none.</summary>
    private static List<KernelWidth> Widths => [.. KernelWidth.Available.Where(width => width.Bits > 32).DefaultIfEmpty(KernelWidth.Available[0])];

    private static readonly ParameterSet BFloat16 = ParameterSet.FromJson("""{"precision":"bf16"}""");

    /// <summary>A step with every width of vectors that the CPU has, of one slot and of two, and of the dense network.</summary>
    /// <param name="steps">Timed steps of each, after two that are not counted.</param>
    public static IReadOnlyList<BenchResult> Run(int steps, int threads, Action<string> progress)
    {
        var widths = Widths;
        var ours = widths.ToDictionary(width => width, width => new TrainingBench(ParameterSet.Empty, threads, width));
        using var beside = new TrainingBench(ParameterSet.Empty, threads);
        using var half = new TrainingBench(BFloat16, threads);
        using var dense = new DenseBench(ParameterSet.Empty, threads);
        using var notebook = NotebookStep.Start(threads);
        using var both = NotebookStep.Start(2 * threads);
        if (notebook is null)
        {
            progress("no Python with PyTorch here (apt-get install python3-torch): the notebook's step is left out");
        }

        var enough = Environment.ProcessorCount >= 2 * threads;
        var turns = widths.ToDictionary(width => width.Name, width => (Func<TimeSpan>?)ours[width].Step);
        turns["bf16"] = half.Step;
        turns["notebook"] = notebook is null ? null : notebook.Step;
        turns["two slots"] = enough ? () => Together(ours[widths[0]], beside) : null;
        turns["notebook, all threads"] = enough && both is not null ? both.Step : null;
        turns["dense"] = dense.Step;
        var medians = Medians(turns, steps, progress);
        foreach (var bench in ours.Values)
        {
            bench.Dispose();
        }

        var parameters = ours[widths[0]].ParameterCount;
        var fast = medians[widths[0].Name]!.Value;
        var peer = medians["notebook"];
        return
        [
            BenchResult.Fact("parameters", parameters, "weights"),
            BenchResult.Fact("threads", threads, "threads"),
            .. widths.SelectMany(width => OfWidth(width, medians[width.Name]!.Value, peer, threads)),
            .. widths.Skip(1).Where(width => width.Bits == 256).Select(width => BenchResult.AtMost($"step, {width.Name} / {widths[0].Name}", medians[width.Name]!.Value / fast, 1.6, "x")),
            Known("step, bf16", medians["bf16"]),
            Known("step, each of two slots", medians["two slots"]),
            BenchResult.Fact("dense step", medians["dense"]!.Value, "s"),
            new BenchResult("notebook step (PyTorch)", peer, "s", null, peer is null ? null : notebook!.ParameterCount == parameters),
            Known($"notebook step (PyTorch), {2 * threads} threads", medians["notebook, all threads"]),
            BenchResult.Fact("dense / step", medians["dense"]!.Value / fast, "x"),
            BenchResult.AtLeast("two slots' throughput / notebook's with all threads", 2 * medians["notebook, all threads"] / medians["two slots"], 22, "x"),
            BenchResult.AtLeast("notebook / step, bf16", peer / medians["bf16"], 18, "x"),
        ];
    }

    /// <summary>The step against the notebook's, and against what the CPU could do: the network's multiply-adds, none for empty lanes, to its most.</summary>
    private static IEnumerable<BenchResult> OfWidth(KernelWidth width, double step, double? peer, int threads)
    {
        var most = CorePeak.MultiplyAdds(width, TimeSpan.FromSeconds(0.3));
        var needed = 128 * 3 * TcnCost.ForwardFlop(ParameterSet.Empty) / 2;
        yield return BenchResult.Fact($"step, {width.Name}", step, "s");
        yield return width.Bits switch
        {
            512 => BenchResult.AtLeast($"notebook / step, {width.Name}", peer / step, 21, "x"),
            256 when width == KernelWidth.Available[0] => BenchResult.AtLeast($"notebook / step, {width.Name}", peer / step, 20, "x"),
            _ => new BenchResult($"notebook / step, {width.Name}", peer / step, "x", null, peer is null ? null : true),
        };
        yield return BenchResult.Fact($"most of a core, {width.Name}", most, "multiply-adds/ns");
        yield return BenchResult.Fact($"share of it in a step, {width.Name}", 100 * needed / (most * threads * step * 1e9), "%");
    }

    /// <summary>A whole epoch in each of two slots, and what of it is not training; the notebook's steps before and after it.</summary>
    public static IReadOnlyList<BenchResult> Epoch(Action<string> progress)
    {
        using var notebook = NotebookStep.Start(1);
        var steps = new List<double>();
        void Peer()
        {
            for (var i = 0; notebook is not null && i < 4; i++)
            {
                steps.Add(notebook.Step().TotalSeconds);
            }
        }

        Peer();
        var slots = Math.Min(2, Environment.ProcessorCount);
        using var bench = new EpochBench();
        progress($"{slots} trial(s) of one epoch over 60,000 images");
        var busy = Environment.CpuUsage.TotalTime;
        var times = bench.Run(ParameterSet.Empty, slots);
        busy = Environment.CpuUsage.TotalTime - busy;
        Peer();
        var (epoch, training) = (times.Max(time => time.Seconds), times.Average(time => time.Training));
        double? peer = steps.Count == 0 ? null : Median(steps) * StepsPerEpoch;
        return
        [
            BenchResult.Fact("slots", slots, "slots"),
            BenchResult.AtMost("epoch with all slots busy", epoch, 46, "s"),
            BenchResult.Fact("processor time of each", busy.TotalSeconds / slots, "s"),
            BenchResult.Fact("training in it", training, "s"),
            BenchResult.AtMost("loading, evaluation, checkpoint and report", 100 * times.Average(time => (time.Seconds - time.Training) / time.Seconds), 6, "% of the epoch"),
            Known("notebook's epoch (PyTorch, 1 thread)", peer),
            new BenchResult("notebook's epoch / ours", peer / epoch, "x", null, peer is null ? null : true),
        ];
    }

    /// <summary>Where the time of a step goes, and that of a trial around its steps.</summary>
    public static IReadOnlyList<BenchResult> Profile(int steps, Action<string> progress)
    {
        var parts = Widths.SelectMany(width => StepProfile.Measure(ParameterSet.Empty, steps, width).Select(part => (Name: $"step, {width.Name}: {part.Part}", part.Seconds))).ToList();
        progress("one trial of a tenth of an epoch");
        using var bench = new EpochBench();
        var trial = bench.Run(ParameterSet.Empty, 1, 0.1)[0];
        return
        [
            .. parts.Select(part => BenchResult.Fact(part.Name, 1000 * part.Seconds, "ms")),
            BenchResult.Fact("a tenth of an epoch: training", trial.Training, "s"),
            BenchResult.Fact("a tenth of an epoch: loading", trial.Loading, "s"),
            BenchResult.Fact("a tenth of an epoch: evaluation on 1,000, checkpoint, report", trial.Seconds - trial.Training - trial.Loading, "s"),
            BenchResult.Fact("memory of a slot at its peak", (trial.PeakMemory ?? 0) / 1e6, "MB"),
        ];
    }

    /// <summary>A step of the passes for GPUs with every precision, and what of a GPU was measured on.</summary>
    /// <param name="device"><c>cuda:N</c>.</param>
    public static IReadOnlyList<BenchResult> OnGpu(string device, int steps, Action<string> progress)
    {
        var facts = CudaDriver.Describe(GpuNumber(device)!.Value);
        progress($"on {device}, {string.Join(", ", facts.Where(fact => fact.Key != "gpu_uuid").Select(fact => $"{fact.Key} {fact.Value}"))}");
        var benches = Precisions.ToDictionary(precision => precision, precision => new TorchBench(ParameterSet.Empty.With("precision", ParameterValue.Of(precision)), device));
        var medians = Medians(benches.ToDictionary(bench => bench.Key, bench => (Func<TimeSpan>?)bench.Value.Step), steps, progress);
        foreach (var bench in benches.Values)
        {
            bench.Dispose();
        }

        return
        [
            .. medians.Select(step => BenchResult.Fact($"step, {step.Key}, {facts.GetValueOrDefault("gpu") ?? device}", 1000 * step.Value!.Value, "ms")),
            .. medians.Select(step => BenchResult.Fact($"epochs of 60,000 images, {step.Key}", 1 / (step.Value!.Value * StepsPerEpoch), "1/s")),
        ];
    }

    /// <summary>N of <c>cuda:N</c>, 0 of <c>cuda</c>; null of what names no GPU.</summary>
    public static int? GpuNumber(string device) => device == "cuda" ? 0
        : device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    /// <summary>Short trials in one warm process.</summary>
    public static IReadOnlyList<BenchResult> Soak(int minutes, Action<string> progress)
    {
        var soak = TrainingSoak.Run(TimeSpan.FromMinutes(minutes), progress);
        return
        [
            BenchResult.Fact("trials", soak.Trials, "trials"),
            BenchResult.Fact("memory after a tenth", soak.FirstBytes / 1e6, "MB"),
            BenchResult.AtMost("growth since", (soak.LastBytes - soak.FirstBytes) / 1e6, 50, "MB"),
            BenchResult.AtMost("tensors more than after a tenth", soak.LastTensors - soak.FirstTensors, 0, "tensors"),
        ];
    }

    private static Dictionary<string, double?> Medians(Dictionary<string, Func<TimeSpan>?> turns, int steps, Action<string> progress)
    {
        var seconds = turns.ToDictionary(turn => turn.Key, _ => new List<double>());
        for (var step = 0; step < WarmUp + steps; step++)
        {
            var round = turns.Where(turn => turn.Value is not null).Select(turn => (turn.Key, Time: turn.Value!().TotalSeconds)).ToList();
            progress(string.Create(CultureInfo.InvariantCulture, $"{(step < WarmUp ? "warm-up" : $"step {step - WarmUp + 1}/{steps}")}: {string.Join(", ", round.Select(r => $"{r.Key} {r.Time:0.000} s"))}"));
            foreach (var (name, time) in round.Where(_ => step >= WarmUp))
            {
                seconds[name].Add(time);
            }
        }

        return seconds.ToDictionary(turn => turn.Key, turn => turn.Value.Count == 0 ? (double?)null : Median(turn.Value));
    }

    /// <summary>Both at once, each on a thread of its own.</summary>
    private static TimeSpan Together(TrainingBench one, TrainingBench other)
    {
        var start = Stopwatch.GetTimestamp();
        var thread = new Thread(() => other.Step());
        thread.Start();
        one.Step();
        thread.Join();
        return Stopwatch.GetElapsedTime(start);
    }

    private static BenchResult Known(string name, double? value) => new(name, value, "s", null, value is null ? null : true);

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
