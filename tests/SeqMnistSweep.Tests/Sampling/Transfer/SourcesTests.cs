using SeqMnistSweep.Definitions;
using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Sampling.Transfer;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Sampling.Transfer;

/// <summary>Warm starts from several sweeps on families of functions with two basins: related ones (R) are shifted and scaled a little,
/// unrelated ones (U) lie elsewhere, reversed ones (X) have everything upside down.</summary>
public sealed class SourcesTests
{
    private const int Seeds = 24;

    private static readonly SweepDefinition Space = Sweep(0);

    [Fact]
    public void Five_that_mislead_leave_more_than_half_of_what_two_related_sweeps_gain()
    {
        var none = MeanAfter(25, "");
        var two = MeanAfter(25, "RR");
        Assert.InRange(two, 0, 0.5 * none);
        Assert.InRange(MeanAfter(25, "RRUUUXX"), 0, (none + two) / 2);
    }

    [Fact]
    public void Seven_related_sweeps_help_no_less_than_two() => Assert.InRange(MeanAfter(25, "RRRRRRR"), 0, MeanAfter(25, "RR"));

    [Fact]
    public void Sources_cost_nothing_after_a_hundred()
    {
        var none = MeanAfter(100, "");
        Assert.InRange(MeanAfter(100, "RRUUUXX"), 0, none);
        Assert.InRange(MeanAfter(100, "X"), 0, 1.25 * none);
    }

    [Theory]
    [InlineData("gp")]
    [InlineData("auto")]
    public void A_process_with_the_sources_as_its_mean_gains_by_related_ones_and_loses_at_most_a_quarter_of_the_trials_by_one_that_misleads(string method)
    {
        var none = MeanAfter(10, "", method);
        Assert.InRange(MeanAfter(10, "RR", method), 0, 0.5 * none);
        Assert.InRange(MeanAfter(10, "RRUUUXX", method), 0, 0.8 * none);
        Assert.InRange(MeanAfter(25, "X", method), 0, MeanAfter(18, "", method));
    }

    [Fact]
    public void Points_are_ranked_by_the_sources_that_are_trusted()
    {
        var prior = new TransferPrior(new AxisSpace(Space.Space), PriorOf(1, "RX"));
        var target = Function(1, 'T', 0);
        Assert.Equal(80, prior.Ranked().Count());

        List<double[]> tried = [.. Enumerable.Range(0, 12).Select(i => new[] { i / 12.0, i * 5 % 12 / 12.0, i * 7 % 12 / 12.0 })];
        Assert.True(prior.Read(tried.Select((units, i) => (i + 1, target(units))), number => tried[number - 1]));
        Assert.Equal([true, false], prior.Weights.Sources.Select(weight => weight > 0));
        Assert.Equal(40, prior.Ranked().Count());
        Assert.False(prior.Read(tried.Select((units, i) => (i + 1, target(units))), number => tried[number - 1]));
        var values = prior.Ranked().Select(point => target(prior.UnitsOf(point))).ToList();
        Assert.True(values.Take(10).Average() < values.Skip(20).Average());
    }

    private static double MeanAfter(int count, string sources, string method = "bayes") => Enumerable.Range(1, Seeds).Average(seed =>
    {
        var target = Function(seed, 'T', 0);
        var run = new SearchRun(Sweep(seed, method), point => [target(UnitsOf(point))], prior: sources.Length == 0 ? null : PriorOf(seed, sources));
        return run.To(count).Best;
    });

    private static SearchPrior PriorOf(int seed, string sources)
    {
        var given = sources.Select((kind, i) =>
        {
            var function = Function(seed, kind, i + 1);
            var earlier = new SearchRun(Sweep((1000 * seed) + i, "random"), point => [function(UnitsOf(point))]).To(40).History.Configurations;
            return PriorSelection.Of($"source-{i}", false, earlier.Select(
                seen => new EndedTrial(seen.Configuration, seen.Parameters, TrialState.Completed, seen.Loss!.Value, 1)), Space.Space);
        }).ToList();
        return new SearchPrior([.. given.Select(source => source.Source)], [.. given.SelectMany(source => source.Points)]);
    }

    /// <summary>Its least value is near 0, and that of most places near 1.</summary>
    private static Func<double[], double> Function(int seed, char kind, int task)
    {
        var common = new SplitMix64((ulong)(kind == 'U' ? (1000 * seed) + task + 500 : seed));
        var own = new SplitMix64((ulong)((1000 * seed) + task + 1_000_000));
        double[] first = [.. Enumerable.Range(0, 3).Select(_ => common.NextUnit() + (0.1 * (own.NextUnit() - 0.5)))];
        double[] second = [.. Enumerable.Range(0, 3).Select(_ => common.NextUnit() + (0.1 * (own.NextUnit() - 0.5)))];
        var scale = kind == 'T' ? 1 : (0.1 + own.NextUnit()) * (kind == 'X' ? -1 : 1);
        return units => scale * Math.Min(Distance(units, first), 0.1 + Distance(units, second));

        static double Distance(double[] units, double[] center) => 1 - Math.Exp(-4 * units.Zip(center, (x, c) => (x - c) * (x - c)).Sum());
    }

    private static double[] UnitsOf(ParameterSet point) =>
        [point["x"]!.AsReal(), (Math.Log10(point["y"]!.AsReal()) + 4) / 4, point["z"]!.AsReal()];

    private static SweepDefinition Sweep(int seed, string method = "bayes") => Sweeps.Valid(
        $$"""
        method: {{method}}
        program: train.py
        run_cap: 400
        sampler_seed: {{seed}}
        metric: {name: loss}
        parameters: {x: {min: 0.0, max: 1.0}, y: {distribution: log_uniform_values, min: 1.0e-4, max: 1.0}, z: {min: 0.0, max: 1.0} }
        """);
}
