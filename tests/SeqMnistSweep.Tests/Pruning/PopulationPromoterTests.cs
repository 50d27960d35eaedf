using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class PopulationPromoterTests
{
    private const string File = """
        method: pbt
        run_cap: 4
        pbt: {interval: 2}
        parameters:
          lr: {distribution: log_uniform_values, min: 0.0001, max: 0.01}
          dropout: {min: 0.0, max: 0.5}
          batch_size: {values: [32, 64, 128]}
          hidden: {min: 8, max: 32}
          input_channels: {value: 28}
        constraints: [{require: lr * batch_size <= 1}]
        """;

    private readonly SweepDefinition _definition = SweepFile.Parse(File, "x.yaml").Definition!;

    private IPromoter Promoter => (IPromoter)PrunerCatalog.Create(_definition)!;

    [Fact]
    public void Everybody_waits_until_all_have_arrived()
    {
        Assert.Equal(Verdict.Continue, Promoter.Judge(Waiting(1, 0.1), []));
        Assert.Equal(Verdict.Pause, Promoter.Judge(Waiting(1, 0.1, 0.2), []));
        Assert.Equal([], Promoter.Next([Waiting(1, 0, 0.1), Waiting(2, 0, 0.2), Waiting(3, 0, 0.3)], isLast: false));
        Assert.Equal([], Promoter.Next([Waiting(1, 0, 0.1), Waiting(2, 0, 0.2), Waiting(3, 0, 0.3), Waiting(4, 0) with { State = TrialState.Running }], isLast: false));
    }

    [Fact]
    public void A_copy_of_the_best_takes_the_place_of_the_worst()
    {
        var decided = Promoter.Next([Waiting(1, 0, 0.4), Waiting(2, 0, 0.1), Waiting(3, 0, 0.2), Waiting(4, 0, 0.3)], isLast: false);
        Assert.Equal([1, 4, 3, 2], decided.Select(promotion => promotion.Trial));
        Assert.Equal([null, null, null, 1], decided.Select(promotion => promotion.Instead?.From));
    }

    [Fact]
    public void Who_has_ended_is_not_waited_for()
    {
        var decided = Promoter.Next([Waiting(1, 0, 0.4), Waiting(2, 0) with { State = TrialState.Failed }, Waiting(3, 0, 0.2), Waiting(4, 0, 0.3)], isLast: false);
        Assert.Equal([1, 4, 3], decided.Select(promotion => promotion.Trial));
    }

    [Fact]
    public void A_copy_that_has_not_reported_yet_is_waited_for()
    {
        var copy = new LearningCurve(5, TrialState.Running, []);
        Assert.Equal([], Promoter.Next([Waiting(1, 0, 0, 0, 0.4), Waiting(3, 0, 0, 0, 0.2), Waiting(4, 0, 0, 0, 0.3), copy], isLast: false));
    }

    [Fact]
    public void The_same_results_give_the_same_copies()
    {
        ParameterSet Copy() => Promoter.Next([Waiting(1, 0, 0.4), Waiting(2, 0, 0.1), Waiting(3, 0, 0.2), Waiting(4, 0, 0.3)], isLast: false)[^1].Instead!.Parameters;
        Assert.Equal(Copy(), Copy());
    }

    [Fact]
    public void A_copy_stays_within_the_space_and_its_rules_and_keeps_what_makes_the_model()
    {
        var mutation = new ParameterMutation(_definition.Space, 0.25);
        var from = Parameters(1);
        var chance = new SplitMix64(1);
        var seen = new HashSet<ParameterSet>();
        for (var i = 0; i < 1000; i++)
        {
            var copy = mutation.Of(from, ref chance);
            seen.Add(copy);
            Assert.Equal(from["hidden"], copy["hidden"]);
            Assert.Equal(from["input_channels"], copy["input_channels"]);
            Assert.InRange(copy["lr"]!.AsReal(), 0.0001, 0.01);
            Assert.InRange(copy["dropout"]!.AsReal(), 0, 0.5);
            Assert.Contains(copy["batch_size"]!.AsInteger(), new long[] { 32, 64, 128 });
            Assert.True(copy["lr"]!.AsReal() * copy["batch_size"]!.AsInteger() <= 1);
        }

        Assert.InRange(seen.Count, 300, 600); // a parameter drawn anew makes a new one, which lr or dropout are 44 times in 100
    }

    [Theory]
    [InlineData("method: pbt", "needs 'run_cap'")]
    [InlineData("method: pbt\nrun_cap: 4\nearly_terminate: {type: median}", "decides itself who goes on")]
    [InlineData("method: pbt\nrun_cap: 4\nseeds: {count: 2}", "one seed")]
    [InlineData("method: pbt\nrun_cap: 4\npbt: {quantile: 0.6}", "'pbt.quantile' takes a number above 0 to 0.5")]
    [InlineData("method: random\nrun_cap: 4\npbt: {interval: 2}", "'pbt' goes with 'method: pbt'")]
    public void What_makes_no_population_is_refused(string file, string message) =>
        Assert.Contains(SweepFile.Parse(file, "x.yaml").Diagnostics, finding => finding.Message.Contains(message, StringComparison.Ordinal));

    private static LearningCurve Waiting(int trial, params double[] values) => new(trial, TrialState.Paused, values) { Parameters = Parameters(trial) };

    private static ParameterSet Parameters(int trial) => new(
    [
        new("lr", ParameterValue.Of(0.001 * trial)), new("dropout", ParameterValue.Of(0.1)), new("batch_size", ParameterValue.Of(64L)), new("hidden", ParameterValue.Of(8L + trial)),
        new("input_channels", ParameterValue.Of(28L)),
    ]);
}
