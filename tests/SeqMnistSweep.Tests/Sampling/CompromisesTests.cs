using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Fronts;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling;

/// <summary>Searches with several metrics.</summary>
public sealed class CompromisesTests
{
    private const int Seeds = 16;

    private const string Model = "lr: {distribution: log_uniform_values, min: 1.0e-4, max: 1.0e-1}, width: {min: 8, max: 256}, kind: {values: [a, b, c]}, "
        + "drop: {min: 0.0, max: 0.9, when: {kind: b}}, momentum: {min: 0.0, max: 1.0, when: {kind: c}}";

    public static TheoryData<string, string> Problems => new()
    {
        { "bayes", "zdt1" }, { "bayes", "zdt2" }, { "bayes", "model" }, { "auto", "zdt1" }, { "auto", "zdt2" }, { "auto", "model" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void TPE_by_fronts_is_ahead_of_chance_and_of_nsga2_after_100(string method, string problem)
    {
        var (ours, chance, genetic) = (Volumes(method, problem), Volumes("random", problem), Volumes("nsga2", problem));
        Assert.True(Ahead(ours, chance) > 3, $"{ours.Average()}, and {chance.Average()} by chance");
        Assert.True(Ahead(ours, genetic) > 0, $"{ours.Average()}, and {genetic.Average()} by nsga2");
    }

    [Fact]
    public void Who_completed_is_better_than_who_was_stopped_whatever_that_one_cost()
    {
        var sweep = Sweeps.Valid("{method: bayes, program: train.py, run_cap: 99, metrics: [{name: loss}, {name: seconds}], parameters: {x: {min: 0.0, max: 1.0}}}");
        var history = new SearchHistory();
        for (var i = 1; i <= 40; i++)
        {
            // Those that were stopped, all at the low end, took no time and are undominated by the others.
            var stopped = i % 2 == 0;
            var x = stopped ? 0.1 + (i / 1000.0) : 0.9 + (i / 1000.0);
            history.Put(new Observation(i, ParameterSet.Empty.With("x", ParameterValue.Of(x)), stopped ? ObservationState.Pruned : ObservationState.Completed,
                stopped ? [1, 1 + (i / 100.0)] : [0.5, 100 + i], []));
        }

        var sampler = SamplerCatalog.Create(sweep);
        var near = Enumerable.Range(40, 20).Count(cursor => sampler.Propose(cursor, history)!.Parameters["x"]!.AsReal() > 0.5);
        Assert.InRange(near, 15, 20);
    }

    /// <summary>Every configuration is as good as x after one epoch, and better by as much with each further one; one in four went on.</summary>
    [Fact]
    public void Parents_of_nsga2_are_compared_after_as_many_epochs()
    {
        var sweep = Sweeps.Valid("{method: nsga2, program: train.py, run_cap: 999, metrics: [{name: loss}, {name: size}], parameters: {x: {min: 0.0, max: 1.0}}}");
        var history = new SearchHistory();
        for (var i = 1; i <= 200; i++)
        {
            var x = (i * 0.61803398875) % 1;
            var on = i % 4 == 0;
            ImmutableArray<double> curve = on ? [x + 3, x + 2, x + 1] : [x + 3];
            var state = on ? ObservationState.Completed : ObservationState.Pruned;
            history.Put(new Observation(i, ParameterSet.Empty.With("x", ParameterValue.Of(x)), state, [curve[^1], curve[^1]], curve) { OtherCurves = [curve] });
        }

        // With 50 completed ones these are the parents; before, what few epochs said of all.
        Assert.Contains("of 50 parents", SamplerCatalog.Create(sweep).Propose(200, history)!.Origin);
        var early = new SearchHistory();
        foreach (var seen in history.Configurations.Take(100))
        {
            early.Put(seen);
        }

        var proposals = Enumerable.Range(100, 20).Select(cursor => SamplerCatalog.Create(sweep).Propose(cursor, early)!).ToList();
        var best = early.Configurations.MinBy(seen => seen.Curve[0])!.Configuration;
        Assert.All(proposals, made => Assert.Contains(", 1 of 50 parents undominated", made.Origin));
        Assert.Contains(proposals, made => made.Origin.Contains($"configurations {best} and ", StringComparison.Ordinal) || made.Origin.Contains($" and {best},", StringComparison.Ordinal));
    }

    [Fact]
    public void A_metric_that_was_never_told_leaves_the_search_to_the_others()
    {
        var sweep = Sweeps.Valid("{method: bayes, program: train.py, run_cap: 99, metrics: [{name: loss}, {name: size}], parameters: {x: {min: 0.0, max: 1.0}}}");
        var run = new SearchRun(sweep, point => [Math.Abs(point["x"]!.AsReal() - 0.7), double.PositiveInfinity]).To(60);
        Assert.True(run.Best < 0.005, $"{run.Best}");
    }

    /// <summary>Of the difference of the means in its standard errors.</summary>
    private static double Ahead(double[] one, double[] other) =>
        (one.Average() - other.Average()) / Math.Sqrt((Variance(one) + Variance(other)) / Seeds);

    private static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);

    private static double[] Volumes(string method, string problem) => [.. Enumerable.Range(0, Seeds).Select(seed => Volume(method, problem, seed))];

    private static double Volume(string method, string problem, int seed)
    {
        var parameters = problem == "model" ? Model : string.Join(", ", Enumerable.Range(0, 5).Select(i => $"x{i}: {{min: 0.0, max: 1.0}}"));
        var sweep = Sweeps.Valid($"{{method: {method}, program: train.py, run_cap: 100, sampler_seed: {seed}, metrics: [{{name: a}}, {{name: b}}], parameters: {{{parameters}}}}}");
        var run = new SearchRun(sweep, point => Losses(problem, point)).To(100);
        return Pareto.Hypervolume(run.History.Configurations.Select(seen => seen.Losses.ToArray()), problem == "model" ? [1.2, 270] : [1.1, 3]);
    }

    /// <summary>Zitzler, Deb and Thiele's first two (2000) with five parameters; and what a model's error and size might be, with parameters that exist under a
    /// condition.</summary>
    private static double[] Losses(string problem, ParameterSet point)
    {
        if (problem == "model")
        {
            var width = point["width"]!.AsReal();
            var kind = point["kind"]!.AsText();
            var error = 0.1 + (0.25 * Math.Abs(Math.Log10(point["lr"]!.AsReal()) + 2.3)) + (1.25 / Math.Sqrt(width));
            return kind switch
            {
                "a" => [error + 0.25, width],
                "b" => [error + (0.6 * Math.Abs(point["drop"]!.AsReal() - 0.3)), width],
                _ => [error + 0.1 + (0.5 * Math.Abs(point["momentum"]!.AsReal() - 0.9)), 0.8 * width],
            };
        }

        var first = point["x0"]!.AsReal();
        var g = 1 + (9 * Enumerable.Range(1, 4).Average(i => point[$"x{i}"]!.AsReal()));
        return [first, g * (1 - (problem == "zdt1" ? Math.Sqrt(first / g) : Math.Pow(first / g, 2)))];
    }
}
