using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Sampling.Priors;

public sealed class WarmStartTests
{
    private const int Seeds = 30;

    public static TheoryData<string> Functions => ["branin", "hartmann6", "mixed"];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Fifty_random_points_of_the_same_function_make_the_first_twenty_better(string function) =>
        Assert.True(MedianAfter(function, 20, 1) < MedianAfter(function, 20, null));

    /// <summary>A prior that has everything upside down costs at most half of the trials.</summary>
    [Theory]
    [MemberData(nameof(Functions))]
    public void A_prior_that_misleads_is_recovered_from_by_a_hundred(string function) =>
        Assert.True(MedianAfter(function, 100, -1) < MedianAfter(function, 50, null));

    [Fact]
    public void A_configuration_of_the_prior_may_be_tried_again()
    {
        var sweep = SweepFile.Parse("{method: bayes, program: none.py, run_cap: 12, metric: {name: value, goal: minimize}, parameters: {x: {values: [1, 2, 3, 4, 5, 6]}, y: {values: [a, b]}}}", "small.yaml").Definition!;
        var all = new SearchRun(sweep, Sum).To(12);
        var points = all.History.Configurations.OrderBy(seen => seen.Loss).Select((seen, i) => new RankedPoint(seen.Parameters, i / 12.0)).ToList();

        var run = new SearchRun(sweep, Sum, prior: new SearchPrior([], [.. points])).To(12);

        Assert.Equal(12, run.History.Configurations.Select(made => made.Parameters).Distinct().Count());
        Assert.Contains(run.History.Configurations[1].Parameters, points.Take(3).Select(point => point.Parameters));
        Assert.Contains("of the prior's 12 at weight 0.74", run.Proposals[1].Proposal.Origin, StringComparison.Ordinal);

        static double[] Sum(ParameterSet point) => [point["x"]!.AsReal() + (point["y"]!.ToString() == "a" ? 0 : 0.5)];
    }

    [Theory]
    [InlineData("bayes")]
    [InlineData("gp")]
    [InlineData("auto")]
    public void A_sampler_made_anew_with_the_same_prior_goes_on_where_another_stopped(string method)
    {
        var sweep = Sweep("mixed", method, 4);
        var prior = RandomPrior("mixed", 4, 1);
        var run = new SearchRun(sweep, point => [TestFunctions.Find("mixed")!(point)], 4, prior).To(40);
        foreach (var (cursor, mark, proposal) in run.Proposals)
        {
            var again = SamplerCatalog.Create(sweep, prior).Propose(cursor, run.History.AsSeen(mark))!;
            Assert.Equal(proposal.Parameters, again.Parameters);
            Assert.Equal(proposal.Origin, again.Origin);
        }
    }

    [Fact]
    public void The_model_s_sample_of_a_long_sweep_leaves_the_prior_in()
    {
        var sweep = Sweep("branin", "bayes", 1);
        var history = new SearchHistory();
        var random = new SearchRun(Sweep("branin", "random", 2), point => [TestFunctions.Find("branin")!(point)]).To(1000);
        foreach (var seen in random.History.Configurations.Concat(random.History.Configurations.Select(seen => seen with { Configuration = seen.Configuration + 1000 })))
        {
            history.Put(seen);
        }

        var model = new SeqMnistSweep.Sampling.Tpe.TpeModel(new SeqMnistSweep.Sampling.Axes.AxisSpace(sweep.Space), RandomPrior("branin", 1, 1));
        model.Read(history);
        Assert.InRange(model.OwnOthers, 300, 1000);
        Assert.Equal(40, model.Others.Count - model.OwnOthers);
        Assert.Equal(40, Enumerable.Range(0, model.Others.Count).Count(i => model.Others.NumberOf(i) < 0));
    }

    private static double MedianAfter(string function, int count, int? sign)
    {
        var losses = Enumerable.Range(1, Seeds).Select(seed => Run(function, seed, sign).To(count).Best).Order().ToList();
        return (losses[(Seeds / 2) - 1] + losses[Seeds / 2]) / 2;
    }

    private static SearchRun Run(string function, int seed, int? sign)
    {
        var sweep = Sweep(function, "bayes", seed);
        return new SearchRun(sweep, point => [TestFunctions.Find(function)!(point)], 1, sign is { } times ? RandomPrior(function, seed, times) : null);
    }

    /// <summary>50 random points of the function itself; with sign -1 those that it calls bad come first.</summary>
    private static SearchPrior RandomPrior(string function, int seed, int sign)
    {
        var random = new SearchRun(Sweep(function, "random", 1000 + seed), point => [TestFunctions.Find(function)!(point)]).To(50);
        var (source, points) = PriorSelection.Of(
            "earlier-0001",
            maximize: sign < 0,
            random.History.Configurations.Select(seen => new EndedTrial(seen.Configuration, seen.Parameters, TrialState.Completed, seen.Loss!.Value, 1)),
            Sweep(function, "bayes", seed).Space);
        Assert.Equal(50, source.Points);
        return new SearchPrior([source], points);
    }

    private static SweepDefinition Sweep(string function, string method, int seed)
    {
        var parameters = function switch
        {
            "branin" => "{x0: {min: -5.0, max: 10.0}, x1: {min: 0.0, max: 15.0}}",
            "hartmann6" => "{" + string.Join(", ", Enumerable.Range(0, 6).Select(i => $"x{i}: {{min: 0.0, max: 1.0}}")) + "}",
            _ => "{lr: {distribution: log_uniform_values, min: 1.0e-5, max: 1.0e-1}, levels: {min: 4, max: 10}, kernel_size: {values: [3, 5, 7, 9]}, dropout: {min: 0.0, max: 0.5}, optimizer: {values: [Adam, SGD, RMSprop, AdamW]}}",
        };
        return SweepFile.Parse($"{{method: {method}, program: none.py, run_cap: 1000, sampler_seed: {seed}, metric: {{name: value, goal: minimize}}, parameters: {parameters}}}", "warm.yaml").Definition!;
    }
}
