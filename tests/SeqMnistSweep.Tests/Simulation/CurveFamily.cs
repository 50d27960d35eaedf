using SeqMnistSweep.Definitions;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;
using static System.Math;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>Synthetic learning curves of a search space: an error for every configuration and epoch, with noise that belongs to the configuration.</summary>
/// <param name="Error">Without noise.</param>
/// <param name="Noise">Standard deviation of one report.</param>
internal sealed record CurveFamily(string Name, int Epochs, string Parameters, Func<ParameterSet, int, double> Error, double Noise = 0)
{
    /// <summary>The order of the first epochs holds.</summary>
    public static IReadOnlyList<CurveFamily> Honest { get; } =
    [
        // Power laws: the rate decides both how low and how fast.
        new("power", 20, "lr: {distribution: log_uniform_values, min: 1.0e-4, max: 0.1}, levels: {min: 4, max: 10}, dropout: {min: 0.0, max: 0.5}, batch_size: {values: [32, 64, 128, 256]}", (point, epoch) =>
        {
            var (rate, levels) = (Log10(Real(point, "lr")) + 2.5, Real(point, "levels"));
            var least = 0.05 + (0.08 * rate * rate) + (0.006 * Pow(levels - 8, 2)) + (0.4 * Pow(Real(point, "dropout") - 0.15, 2)) + (0.01 * Abs(Log2(Real(point, "batch_size")) - 6));
            return least + (0.8 * Pow(epoch, -(0.55 + (0.35 * Tanh(rate)))));
        }),

        // Eight parameters that depend on each other.
        new("many", 27, string.Join(", ", Enumerable.Range(0, 8).Select(i => $"u{i}: {{min: 0.0, max: 1.0}}")), (point, epoch) =>
        {
            var u = Enumerable.Range(0, 8).Select(i => Real(point, $"u{i}") - 0.35 - (0.04 * i)).ToArray();
            var least = 0.05 + Enumerable.Range(0, 7).Sum(i => 0.25 * Pow(u[i] - (0.6 * u[i + 1]), 2) / (i + 1)) + (0.1 * u[7] * u[7]);
            return least + (0.6 * Pow(epoch, -Clamp(0.8 + (0.6 * u[0]) - (0.4 * u[3]), 0.15, 1.5)));
        }, 0.003),
    ];

    /// <summary>Who is best at first is not best in the end.</summary>
    public static IReadOnlyList<CurveFamily> Misleading { get; } =
    [
        // A high rate is fast and ends high.
        new("fast and high", 30, "lr: {distribution: log_uniform_values, min: 1.0e-4, max: 0.1}, hidden: {min: 8, max: 64}, weight_decay: {distribution: log_uniform_values, min: 1.0e-6, max: 0.01}", (point, epoch) =>
        {
            var (rate, size) = (Log10(Real(point, "lr")), Log2(Real(point, "hidden")));
            var pace = Clamp(1.2 * Pow(10, -0.45 * (rate + 2)), 0.4, 12);
            var least = 0.04 + (0.06 * Pow(Max(0, rate + 2.8), 2)) + (0.02 * Pow(size - 5.2, 2)) + (0.01 * Pow(Log10(Real(point, "weight_decay")) + 4, 2));
            return least + ((0.9 - least) * Exp(-epoch / pace));
        }),

        // Large networks learn slowly and end best.
        new("capacity", 36, "lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.3}, hidden: {distribution: log_uniform_values, min: 4.0, max: 512.0}, dropout: {min: 0.0, max: 0.6}", (point, epoch) =>
        {
            var (rate, size) = (Log10(Real(point, "lr")) + 2.5, Log2(Real(point, "hidden")) - 2);
            var least = 0.03 + (0.35 * Exp(-0.45 * size)) + (0.04 * rate * rate) + (0.2 * Pow(Real(point, "dropout") - (0.05 * size), 2));
            return least + (0.8 * Pow(1 + (epoch / (0.5 + (0.25 * size))), -1.1 - (0.2 * Tanh(rate))));
        }, 0.005),

        // Who learns fastest comes up again.
        new("diverging", 20, "lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.3}, momentum: {min: 0.0, max: 0.99}, batch_size: {values: [8, 16, 32, 64, 128]}", (point, epoch) =>
        {
            var step = Log10(Real(point, "lr") / (1 - (0.9 * Real(point, "momentum")))) + 1.6;
            var least = 0.06 + (0.05 * step * step) + (0.015 * Abs(Log2(Real(point, "batch_size")) - 5));
            return least + (0.8 * Exp(-epoch * 0.5 * Pow(10, 0.4 * step))) + (step > 0.5 ? 0.02 * epoch * (step - 0.5) : 0);
        }, 0.008),

        // A long warm-up looks bad and pays.
        new("warm-up", 30, "lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.3}, warmup: {min: 0, max: 12}, clip: {min: 0.05, max: 2.0}, levels: {min: 2, max: 9}", (point, epoch) =>
        {
            var (rate, warm) = (Log10(Real(point, "lr")) + 1.8, Real(point, "warmup"));
            var least = 0.04 + (0.05 * Pow(rate - (0.05 * warm), 2)) + (0.05 * Exp(-0.3 * warm)) + (0.03 * Pow(Real(point, "clip") - 0.5, 2)) + (0.006 * Pow(Real(point, "levels") - 7, 2));
            var trained = epoch <= warm ? epoch * epoch / (2 * warm) : epoch - (warm / 2);
            return least + (0.85 * Pow(1 + trained, -0.9 - (0.3 * Tanh(rate))));
        }, 0.006),
    ];

    public SweepDefinition Sweep(string method, string pruner, int seed) => SweepFile.Parse(
        $"{{method: {method}, program: none.py, run_cap: 100000, sampler_seed: {seed}, metric: {{name: error, goal: minimize}}, parameters: {{{Parameters}, epochs: {{value: {Epochs}}}}}{(pruner.Length > 0 ? $", early_terminate: {pruner}" : "")}}}", "family.yaml").Definition!;

    public double Reported(ParameterSet point, int epoch) => Error(point, epoch) + (Noise * Normal(point, epoch));

    private static double Real(ParameterSet point, string name) => point[name]!.AsReal();

    private static double Normal(ParameterSet point, int epoch)
    {
        var random = new SplitMix64(RandomSeed.Derive(epoch, string.Join(',', point)));
        return Sqrt(-2 * Log(1 - random.NextUnit())) * Cos(2 * PI * random.NextUnit());
    }
}
