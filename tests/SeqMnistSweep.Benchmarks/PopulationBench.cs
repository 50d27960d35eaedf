using System.Globalization;

namespace SeqMnistSweep.Benchmarks;

/// <summary>
/// What population based training gains on real training: each population is trained once as it is (random search) and once by pbt, from
/// the same starting points and for as many epochs.
/// </summary>
internal sealed class PopulationBench(int populations, Action<string> progress)
{
    /// <summary>Accuracies are fractions in the database, and a researcher speaks of points.</summary>
    private const double PointsPerUnit = 100;

    public IReadOnlyList<BenchResult> Run()
    {
        using var fleet = new BenchFleet();
        fleet.StartWorker("one");
        var gains = new List<double>();
        for (var seed = 0; seed < populations; seed++)
        {
            var random = Best(fleet, "random", seed);
            var population = Best(fleet, "pbt", seed);
            gains.Add((population - random) * PointsPerUnit);
            progress(string.Create(CultureInfo.InvariantCulture, $"population {seed + 1}/{populations}: best validation accuracy {random:P2} at random, {population:P2} by pbt"));
        }

        var gain = MedianOf.These(gains);
        var better = gains.Count(points => points > 0);
        return
        [
            BenchResult.Fact("populations of 8 members, 9 epochs", populations, "populations"),
            new BenchResult("pbt's best over random's best", gain.Value, "points", "> 0", gain.Value > 0) { Interval = [gain.Low, gain.High] },
            new BenchResult("populations in which pbt's best is better", better, "populations", $"> {populations / 2}", better > populations / 2),
        ];
    }

    private static double Best(BenchFleet fleet, string method, int seed)
    {
        var (sweep, _) = fleet.Run($$"""
            name: {{method}}
            method: {{method}}
            run_cap: 8
            sampler_seed: {{seed}}
            {{(method == "pbt" ? "pbt: {interval: 2}" : "")}}
            metric: {name: val_accuracy, goal: maximize}
            parameters:
              dataset: {value: glyphs}
              input_channels: {values: [4, 7, 14, 28]}
              levels: {values: [4, 5, 6]}
              kernel_size: {values: [3, 5, 7]}
              hidden: {distribution: int_uniform, min: 8, max: 30}
              lr: {distribution: log_uniform_values, min: 0.0001, max: 0.03}
              dropout: {distribution: uniform, min: 0.0, max: 0.4}
              batch_size: {values: [32, 64, 128]}
              optimizer: {values: [Adam, RMSprop]}
              epochs: {value: 9}
              train_limit: {value: 2000}
              eval_limit: {value: 2000}
            """);
        return fleet.Reader.LoadSweep(sweep)!.Trials.Max(trial => trial.Value ?? 0);
    }
}
