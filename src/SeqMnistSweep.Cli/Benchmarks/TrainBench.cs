using System.Globalization;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training;

namespace SeqMnistSweep.Cli.Benchmarks;

/// <summary>
/// One training step of the notebook's network (batch 128, dropout 0.05, Adam): our decimated path, our dense path and the notebook's in
/// PyTorch, taking turns step by step, so that a busy machine slows all three alike.
/// </summary>
internal static class TrainBench
{
    private const int WarmUp = 2;

    /// <param name="steps">Timed steps of each, after two that are not counted.</param>
    public static IReadOnlyList<BenchResult> Run(int steps, int threads, Action<string> progress)
    {
        using var decimated = new TrainingBench(BenchPath.Decimated, ParameterSet.Empty, threads);
        using var dense = new TrainingBench(BenchPath.Dense, ParameterSet.Empty, threads);
        using var notebook = NotebookStep.Start(threads);
        if (notebook is null)
        {
            progress("no Python with PyTorch here (apt-get install python3-torch): the notebook's step is left out");
        }

        var seconds = new Dictionary<string, List<double>> { ["decimated"] = [], ["dense"] = [], ["notebook"] = [] };
        for (var step = 0; step < WarmUp + steps; step++)
        {
            var round = new Dictionary<string, TimeSpan> { ["decimated"] = decimated.Step(), ["dense"] = dense.Step() };
            if (notebook is not null)
            {
                round["notebook"] = notebook.Step();
            }

            progress(string.Create(CultureInfo.InvariantCulture, $"{(step < WarmUp ? "warm-up" : $"step {step - WarmUp + 1}/{steps}")}: {string.Join(", ", round.Select(r => $"{r.Key} {r.Value.TotalSeconds:0.000} s"))}"));
            if (step >= WarmUp)
            {
                foreach (var (name, time) in round)
                {
                    seconds[name].Add(time.TotalSeconds);
                }
            }
        }

        var fast = Median(seconds["decimated"]);
        double? peer = notebook is null ? null : Median(seconds["notebook"]);
        return
        [
            BenchResult.Fact("parameters", decimated.ParameterCount, "weights"),
            BenchResult.Fact("threads", threads, "threads"),
            BenchResult.Fact("decimated step", fast, "s"),
            BenchResult.Fact("dense step", Median(seconds["dense"]), "s"),
            new BenchResult("notebook step (PyTorch)", peer, "s", null, peer is null ? null : notebook!.ParameterCount == decimated.ParameterCount),
            BenchResult.Fact("dense / decimated", Median(seconds["dense"]) / fast, "x"),
            BenchResult.AtLeast("notebook / decimated", peer / fast, 6, "x"),
        ];
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
