using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling.Auto;

public sealed class AutoTests
{
    private const string Plain = "x: {min: 0.0, max: 1.0}, y: {distribution: log_uniform_values, min: 0.001, max: 1.0}, k: {values: [3, 5, 7]}, o: {values: [a, b]}";

    [Theory]
    [InlineData(Plain, "", "a Gaussian process and TPE by turns")]
    [InlineData("x: {min: 0.0, max: 1.0}, o: {values: [a, b]}, p: {values: [c, d, e]}, q: {values: [true, false]}", "", "a Gaussian process and TPE by turns")]
    [InlineData("o: {values: [a, b]}, p: {values: [c, d, e]}", "", "TPE, for 2 of 2 parameters are lists without an order")]
    [InlineData("o: {values: [a, b]}, x: {min: 0.0, max: 1.0, when: {o: a}}", "", "TPE, for some parameters exist under a condition only")]
    [InlineData(Plain, "early_terminate: {type: median}", "TPE, which compares trials at the same epoch, for median ends some early")]
    [InlineData(Plain, "run_cap: 5000", "TPE, for run_cap is above 1000")]
    [InlineData(Plain, "metrics: [{name: loss}, {name: size}]", "TPE by fronts, for there are several metrics, by turns with NSGA-II after 150 results")]
    [InlineData(Plain, "metrics: [{name: loss}, {name: size}]\nearly_terminate: {type: asha}", "TPE by fronts, for there are several metrics and asha ends some trials early")]
    public void What_it_chooses_depends_on_the_file_and_is_said(string parameters, string more, string choice) =>
        Assert.StartsWith(choice, SamplerCatalog.Find("auto")!.Choice!(Sweep(parameters, more)));

    [Theory]
    [InlineData("metrics: [{name: loss}, {name: size}]", "tpe")]
    [InlineData("early_terminate: {type: median}", "tpe")]
    public void Where_one_sampler_searches_alone_it_searches_as_by_its_own_name(string more, string method)
    {
        var auto = new SearchRun(Sweep(Plain, more), Losses, 2).To(60);
        var alone = new SearchRun(Sweep(Plain, more) with { Method = method }, Losses, 2).To(60);
        Assert.Equal(alone.Proposals.Select(made => made.Proposal.Parameters), auto.Proposals.Select(made => made.Proposal.Parameters));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void By_turns_a_sampler_made_anew_goes_on_where_another_stopped(int workers)
    {
        var sweep = Sweep(Plain, "");
        var run = new SearchRun(sweep, Losses, workers).To(60);
        foreach (var (cursor, mark, proposal) in run.Proposals)
        {
            var again = SamplerCatalog.Create(sweep).Propose(cursor, run.History.AsSeen(mark))!;
            Assert.Equal(proposal.Parameters, again.Parameters);
            Assert.Equal(proposal.Origin, again.Origin);
        }

        Assert.Contains(run.Proposals, made => made.Proposal.Origin.StartsWith("auto, whose turn it is: gp:", StringComparison.Ordinal));
        Assert.Contains(run.Proposals, made => made.Proposal.Origin.StartsWith("auto, whose turn it is: tpe:", StringComparison.Ordinal));
    }

    [Fact]
    public void After_many_results_TPE_goes_on_alone()
    {
        var run = new SearchRun(Sweep(Plain, ""), Losses).To(262);
        Assert.All(run.Proposals.Skip(251), made => Assert.StartsWith("auto, after 250 results: tpe:", made.Proposal.Origin));
    }

    [Fact]
    public void After_many_results_of_several_metrics_TPE_and_NSGA_II_take_turns()
    {
        var run = new SearchRun(Sweep(Plain, "metrics: [{name: loss}, {name: size}]"), Losses).To(160);
        Assert.StartsWith("auto, until 150 results: tpe: near", run.Proposals[150].Proposal.Origin);
        Assert.Contains(" by fronts ", run.Proposals[150].Proposal.Origin);
        Assert.StartsWith("auto, whose turn it is: tpe:", run.Proposals[151].Proposal.Origin);
        Assert.StartsWith("auto, whose turn it is: nsga2:", run.Proposals[152].Proposal.Origin);
    }

    [Fact]
    public void A_prior_is_made_use_of_from_the_second_proposal_on()
    {
        var sweep = Sweep(Plain, "");
        var points = Enumerable.Range(0, 30).Select(i => Point(i / 30.0)).OrderBy(point => Losses(point)[0]).Select((point, i) => new RankedPoint(point, i / 30.0));
        var prior = new SearchPrior([], [.. points]);
        Assert.Null(SamplerCatalog.WhyNoPrior(sweep));
        var first = new SearchRun(sweep, Losses, prior: prior).To(5).Proposals;
        Assert.Contains("gp: spread evenly", first[0].Proposal.Origin);
        Assert.EndsWith("gp: what the prior thinks best of 30 configurations", first[1].Proposal.Origin);
        Assert.Contains("; the prior", first[3].Proposal.Origin);
        Assert.Equal("method auto takes no prior for several metrics", SamplerCatalog.WhyNoPrior(Sweep(Plain, "metrics: [{name: loss}, {name: size}]")));
    }

    private static ParameterSet Point(double x) => ParameterSet.Empty.With("x", ParameterValue.Of(x)).With("y", ParameterValue.Of(0.01)).With("k", ParameterValue.Of(3)).With("o", ParameterValue.Of("a"));

    private static SweepDefinition Sweep(string parameters, string more) => Sweeps.Valid(
        $"method: auto\nprogram: train.py\n{(more.Contains("run_cap") ? "" : "run_cap: 400\n")}{(more.Contains("metrics") ? "" : "metric: {name: loss}\n")}{more}\nparameters: {{{parameters}}}\n");

    /// <summary>A bowl; a corner fails.</summary>
    private static double[] Losses(ParameterSet point)
    {
        var (x, y) = (point["x"]!.AsReal(), Math.Log10(point["y"]!.AsReal()));
        var loss = Math.Pow(x - 0.4, 2) + Math.Pow(y + 1.5, 2) + (0.1 * point["k"]!.AsReal()) + (point["o"]!.AsText() == "a" ? 0 : 0.3);
        return x > 0.8 && y > -1 ? [double.NaN] : [loss, x];
    }
}
