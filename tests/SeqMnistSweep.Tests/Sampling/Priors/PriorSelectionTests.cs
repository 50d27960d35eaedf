using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Sampling.Priors;

public sealed class PriorSelectionTests
{
    private static readonly SweepId Earlier = SweepId.Parse("earlier-0001");

    [Fact]
    public void The_best_comes_first_by_the_earlier_sweep_s_own_goal()
    {
        var trials = new[] { Completed(1, "{\"x\":0.1}", 3), Completed(2, "{\"x\":0.2}", 1), Completed(3, "{\"x\":0.3}", 2) };
        Assert.Equal([("x=0.2", 0), ("x=0.3", 1.0 / 3), ("x=0.1", 2.0 / 3)], Ranked(trials, maximize: false));
        Assert.Equal(["x=0.1", "x=0.3", "x=0.2"], Ranked(trials, maximize: true).Select(point => point.Item1));
    }

    [Fact]
    public void Who_was_pruned_comes_behind_who_completed_and_who_was_pruned_later_first()
    {
        Assert.Equal(
            ["x=0.1", "x=0.2", "x=0.4", "x=0.3"],
            Ranked([Completed(1, "{\"x\":0.1}", 9), Pruned(2, "{\"x\":0.2}", 5, 3), Pruned(3, "{\"x\":0.3}", 2, 1), Pruned(4, "{\"x\":0.4}", 1, 1)], maximize: false).Select(point => point.Item1));
    }

    [Fact]
    public void The_seeds_of_a_configuration_count_as_one_by_their_mean()
    {
        Assert.Equal(
            ["x=0.2", "x=0.1"],
            Ranked([Completed(1, "{\"x\":0.1}", 1), Completed(1, "{\"x\":0.1}", 9), Completed(2, "{\"x\":0.2}", 4), Pruned(2, "{\"x\":0.2}", 100, 1)], maximize: false).Select(point => point.Item1));
    }

    [Theory]
    [InlineData("x: {min: 0.0, max: 1.0}", "{\"x\":1.5}", false)]
    [InlineData("x: {min: 0.0, max: 1.0}", "{\"x\":1.0}", true)]
    [InlineData("x: {distribution: normal, mu: 0, sigma: 1}", "{\"x\":3.5}", true)]
    [InlineData("x: {min: 2, max: 6}", "{\"x\":7}", false)]
    [InlineData("x: {min: 2, max: 6}", "{\"x\":6}", true)]
    [InlineData("x: {values: [a, b]}", "{\"x\":\"c\"}", false)]
    [InlineData("x: {values: [a, b]}", "{\"x\":\"b\"}", true)]
    [InlineData("x: {values: [16, 64]}", "{\"x\":32}", false)]
    [InlineData("x: {values: [16, 64, 128]}", "{\"x\":256}", false)]
    [InlineData("x: {values: [16, 64, 128]}", "{\"x\":64}", true)]
    [InlineData("x: {min: 0.0, max: 1.0}", "{\"y\":0.5}", false)]
    [InlineData("x: {min: 0.0, max: 1.0}, y: {min: 0.0, max: 1.0}", "{\"y\":0.5}", true)]
    [InlineData("x: {min: 0.0, max: 1.0}, y: {value: 2}", "{\"x\":0.5,\"y\":1}", true)]
    [InlineData("x: {values: [a, b]}, y: {min: 0.0, max: 1.0, when: {x: b}}", "{\"x\":\"a\",\"y\":5}", true)]
    [InlineData("x: {values: [a, b]}, y: {min: 0.0, max: 1.0, when: {x: b}}", "{\"x\":\"b\",\"y\":5}", false)]
    public void A_configuration_counts_if_it_lies_in_the_new_space(string parameters, string point, bool inside)
    {
        var (source, points) = PriorSelection.Of(Earlier.Value, false, [Completed(1, point, 1)], Space(parameters));
        Assert.Equal((inside ? 1 : 0, inside ? 0 : 1), (source.Points, source.Outside));
        Assert.Equal(source.Points, points.Length);
    }

    [Fact]
    public void A_configuration_that_breaks_a_rule_of_the_new_sweep_is_left_out()
    {
        var space = SweepFile.Parse("{method: bayes, program: none.py, run_cap: 9, metric: {name: value, goal: minimize}, parameters: {x: {min: 0.0, max: 1.0}, y: {min: 0.0, max: 1.0}}, constraints: [{require: x + y < 1}]}", "new.yaml").Definition!.Space;
        var (source, points) = PriorSelection.Of(Earlier.Value, false, [Completed(1, "{\"x\":0.9,\"y\":0.9}", 1), Completed(2, "{\"x\":0.1,\"y\":0.2}", 2)], space);
        Assert.Equal((1, 1), (source.Points, source.Outside));
        Assert.Equal(("x=0.1 y=0.2", 0.0), (points[0].Parameters.ToString(), points[0].Rank));
    }

    [Fact]
    public void A_parameter_that_the_earlier_sweep_did_not_have_was_at_its_default()
    {
        var space = SweepFile.Parse("{method: bayes, run_cap: 9, parameters: {lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}, dropout: {min: 0.0, max: 0.5}}}", "new.yaml").Definition!.Space;
        Assert.Equal("lr=0.01 dropout=0.05", Assert.Single(PriorSelection.Of(Earlier.Value, true, [Completed(1, "{\"lr\":0.01}", 0.9)], space).Points).Parameters.ToString());
    }

    /// <summary>Three epochs first and nine now is what priors are for; but of two optimisers the other one's learning rates say nothing.</summary>
    [Fact]
    public void What_the_new_sweep_fixes_may_differ_where_the_earlier_one_fixed_it_too_and_must_not_where_it_varied_it()
    {
        var space = SweepFile.Parse("{method: bayes, run_cap: 9, parameters: {epochs: {value: 9}, lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}}}", "new.yaml").Definition!.Space;
        var (source, points) = PriorSelection.Of(
            Earlier.Value, true,
            [Completed(1, "{\"epochs\":3,\"lr\":0.01,\"optimizer\":\"Adam\",\"seed\":1}", 0.9), Completed(2, "{\"epochs\":3,\"lr\":0.02,\"optimizer\":\"SGD\",\"seed\":2}", 0.95)],
            space);
        Assert.Equal((1, 1), (source.Points, source.Outside));
        Assert.Equal("epochs=9 lr=0.01", points[0].Parameters.ToString());
    }

    [Fact]
    public void Of_a_long_sweep_the_best_and_an_even_choice_of_the_others_are_kept()
    {
        var points = PriorSelection.Of(Earlier.Value, false, Enumerable.Range(0, 5000).Select(i => Completed(i + 1, $"{{\"x\":{i / 10000.0}}}", i)), Space("x: {min: 0.0, max: 1.0}")).Points;
        Assert.Equal(PriorSelection.MaxPoints, points.Length);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => i / 5000.0), points.Take(25).Select(point => point.Rank));
        Assert.Equal(250, points.Select(point => point.Parameters).Distinct().Count());
        Assert.InRange(points.Count(point => point.Rank < 0.5), 130, 145);
    }

    [Fact]
    public void A_method_that_cannot_use_a_prior_says_so_by_name()
    {
        Assert.Null(SamplerCatalog.WhyNoPrior(Definition("bayes", "x: {min: 0.0, max: 1.0}")));
        Assert.Null(SamplerCatalog.WhyNoPrior(Definition("tpe", "x: {min: 0.0, max: 1.0}")));
        Assert.Equal("method random takes no prior: it does not look at results; auto, bayes, tpe and gp do", SamplerCatalog.WhyNoPrior(Definition("random", "x: {min: 0.0, max: 1.0}")));
        Assert.Equal("method cmaes takes no prior; auto, bayes, tpe and gp do", SamplerCatalog.WhyNoPrior(Definition("cmaes", "x: {min: 0.0, max: 1.0}")));
    }

    private static (string, double)[] Ranked(EndedTrial[] trials, bool maximize) =>
        [.. PriorSelection.Of(Earlier.Value, maximize, trials, Space("x: {min: 0.0, max: 1.0}")).Points.Select(point => (point.Parameters.ToString(), point.Rank))];

    private static EndedTrial Completed(int configuration, string point, double value) => new(configuration, ParameterSet.FromJson(point), TrialState.Completed, value, 5);

    private static EndedTrial Pruned(int configuration, string point, double value, int epochs) => new(configuration, ParameterSet.FromJson(point), TrialState.Pruned, value, epochs);

    private static SearchSpace Space(string parameters) => Definition("bayes", parameters).Space;

    private static SweepDefinition Definition(string method, string parameters) =>
        SweepFile.Parse($"{{method: {method}, program: none.py, run_cap: 9, metric: {{name: value, goal: minimize}}, parameters: {{{parameters}}}}}", "new.yaml").Definition!;
}
