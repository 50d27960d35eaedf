using SeqMnistSweep.Definitions;
using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Transfer;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling.Transfer;

public sealed class BeliefTests
{
    private const int Seeds = 24;

    [Theory]
    [InlineData("bayes")]
    [InlineData("auto")]
    [InlineData("gp")]
    public void A_good_prior_helps_early_and_a_wrong_one_costs_nothing_late(string method)
    {
        var right = "prior: {centre: 0.002, confidence: high}";
        var wrong = "prior: {centre: 0.9, confidence: high}";
        Assert.InRange(MeanAfter(12, method, right), 0, 0.7 * MeanAfter(12, method, ""));
        Assert.InRange(MeanAfter(method == "bayes" ? 100 : 50, method, wrong), 0, (1.5 * MeanAfter(method == "bayes" ? 100 : 50, method, "")) + 0.002);
    }

    [Fact]
    public void The_first_proposals_are_near_the_centre_and_say_so()
    {
        var run = new SearchRun(Sweep(1, "bayes", "prior: {centre: 0.002, confidence: high}"), Loss).To(4);
        Assert.Equal([false, true, true, true], run.Proposals.Select(made => made.Proposal.Origin.Contains("of the prior's 40", StringComparison.Ordinal)));
        Assert.Contains(run.Proposals, made => Math.Abs(UnitOf(made.Proposal.Parameters) - UnitOf(0.002)) < 0.15);
    }

    [Fact]
    public void It_ranks_places_by_their_distance_from_the_centre_and_a_list_s_value_before_others()
    {
        var space = new AxisSpace(Space("x: {min: 0.0, max: 1.0, prior: {centre: 0.3}}, o: {values: [a, b, c], prior: {centre: b, confidence: low}}"));
        var belief = BeliefSource.Of(space)!;
        var units = new[] { 0.3, 0.5 };
        Assert.Equal(space.Axes[1].CellAt(0.5), space.Axes[1].CellAt(belief.Ranked[0][1]));
        Assert.Equal(0.3, belief.Ranked[0][0], 6);
        Assert.True(belief.At(units) < belief.At([0.4, 0.5]) && belief.At([0.4, 0.5]) < belief.At([0.9, 0.5]));
        Assert.True(belief.At(units) < belief.At([0.3, 0.1]));
        Assert.Null(BeliefSource.Of(new AxisSpace(Space("x: {min: 0.0, max: 1.0}"))));
    }

    [Theory]
    [InlineData("bayes", "lr: {min: 0.1, max: 0.5, prior: {centre: 2.0}}", "the centre 2.0 of the prior of 'lr' is none of its values")]
    [InlineData("bayes", "k: {values: [1, 2, 3], prior: {centre: 4}}", "the centre 4 of the prior of 'k' is none of its values")]
    [InlineData("bayes", "o: {values: [a, b], prior: {centre: 4}}", "the space has other values of 'o'")]
    [InlineData("bayes", "lr: {min: 0.1, max: 0.5, prior: {confidence: high}}", "the prior of 'lr' lacks 'centre'")]
    [InlineData("bayes", "lr: {min: 0.1, max: 0.5, prior: {centre: 0.2, confidence: very}}", "takes low, medium, high, not 'very'")]
    [InlineData("bayes", "lr: {value: 0.1, prior: {centre: 0.1}}", "'prior' does not go with 'constant'")]
    [InlineData("random", "lr: {min: 0.1, max: 0.5, prior: {centre: 0.2}}", "method random takes no prior: it does not look at results; auto, bayes, tpe and gp do")]
    public void What_is_wrong_is_said(string method, string parameters, string message)
    {
        var read = SweepFile.Parse($"{{method: {method}, program: none.py, run_cap: 5, metric: {{name: value, goal: minimize}}, parameters: {{{parameters}}}}}", "belief.yaml");
        Assert.Null(read.Definition);
        Assert.Contains(read.Diagnostics, diagnostic => $"{diagnostic.Message}".Contains(message, StringComparison.Ordinal));
    }

    private static double MeanAfter(int count, string method, string prior) =>
        Enumerable.Range(1, Seeds).Average(seed => new SearchRun(Sweep(seed, method, prior), Loss).To(count).Best);

    private static double[] Loss(ParameterSet point) =>
        [4 * Math.Pow(UnitOf(point) - UnitOf(0.003), 2) + Math.Pow(point["z"]!.AsReal() - 0.6, 2) + Math.Pow(point["w"]!.AsReal() - 0.2, 2)];

    private static double UnitOf(ParameterSet point) => UnitOf(point["lr"]!.AsReal());

    private static double UnitOf(double lr) => (Math.Log10(lr) + 5) / 5;

    private static SearchSpace Space(string parameters) => Sweeps.Valid(
        $"method: bayes\nprogram: train.py\nrun_cap: 400\nmetric: {{name: loss}}\nparameters: {{{parameters}}}\n").Space;

    private static SweepDefinition Sweep(int seed, string method, string prior) => Sweeps.Valid(
        $"method: {method}\nprogram: train.py\nrun_cap: 400\nsampler_seed: {seed}\nmetric: {{name: loss}}\nparameters: "
            + $"{{lr: {{distribution: log_uniform_values, min: 1.0e-5, max: 1.0, {prior}}}, z: {{min: 0.0, max: 1.0}}, w: {{min: 0.0, max: 1.0}}}}\n");
}
