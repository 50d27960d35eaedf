using System.Globalization;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Benchmarks;

/// <summary>A function to be minimised, with what Optuna 3.1's multivariate TPE reaches on it: the median simple regret of 30 seeds.</summary>
/// <param name="Minimum">Taken off to give the regret.</param>
internal sealed record SearchProblem(string Name, string Parameters, Func<ParameterSet, double[]> Losses, double Minimum = 0, double OptunaAfter50 = double.NaN, double OptunaAfter100 = double.NaN)
{
    private const int ZdtDimensions = 30;

    public static IReadOnlyList<SearchProblem> Single { get; } =
    [
        Of("branin", "{x0: {min: -5.0, max: 10.0}, x1: {min: 0.0, max: 15.0}}", 0.39788735772973816, 0.169, 0.090),
        Of("hartmann6", Box(6, 0, 1), -3.32236801141551, 0.381, 0.220),
        Of("ackley5", Box(5, -32.768, 32.768), 0, 11.4, 9.3),
        Of("rosenbrock4", Box(4, -5, 10), 0, 196, 60),
        Of("mixed", "{lr: {distribution: log_uniform_values, min: 1.0e-5, max: 1.0e-1}, levels: {min: 4, max: 10}, kernel_size: {values: [3, 5, 7, 9]}, dropout: {min: 0.0, max: 0.5}, optimizer: {values: [Adam, SGD, RMSprop, AdamW]}}", 0, 0.055, 0.0052),
    ];

    /// <summary>Zitzler, Deb and Thiele's first (2000): two losses in thirty dimensions.</summary>
    public static SearchProblem Zdt1 { get; } = new("zdt1", Box(ZdtDimensions, 0, 1), Zdt);

    public static SearchProblem Named(string name) => Single.First(problem => problem.Name == name);

    public SweepDefinition Sweep(string method, int seed)
    {
        var metric = Losses == Zdt1?.Losses ? "metrics: [{name: value}, {name: value_2}]" : "metric: {name: value, goal: minimize}";
        return SweepFile.Parse($"{{method: {method}, program: none.py, run_cap: 1000, sampler_seed: {seed}, {metric}, parameters: {Parameters}}}", "bench.yaml").Definition
            ?? throw new InvalidOperationException($"the sweep file of {Name} is broken");
    }

    private static SearchProblem Of(string name, string parameters, double minimum, double after50, double after100)
    {
        var function = TestFunctions.Find(name)!;
        return new SearchProblem(name, parameters, point => [function(point)], minimum, after50, after100);
    }

    private static string Box(int dimensions, double low, double high) =>
        "{" + string.Join(", ", Enumerable.Range(0, dimensions).Select(i => string.Create(CultureInfo.InvariantCulture, $"x{i}: {{distribution: uniform, min: {low}, max: {high}}}"))) + "}";

    private static double[] Zdt(ParameterSet point)
    {
        var first = point["x0"]!.AsReal();
        var g = 1 + (9 * Enumerable.Range(1, ZdtDimensions - 1).Sum(i => point[$"x{i}"]!.AsReal()) / (ZdtDimensions - 1));
        return [first, g * (1 - Math.Sqrt(first / g))];
    }
}
