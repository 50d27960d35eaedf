using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class RungLadderTests
{
    [Theory]
    [InlineData(1, 9, 3.0, new[] { 1, 3 })]
    [InlineData(1, 10, 3.0, new[] { 1, 3, 9 })]
    [InlineData(2, 33, 4.0, new[] { 2, 8, 32 })]
    [InlineData(1, 8, 1.5, new[] { 1, 2, 3, 5, 7 })]
    public void Rungs_lie_eta_apart_and_below_the_last_epoch(int min, int max, double eta, int[] rungs) =>
        Assert.Equal(rungs, new RungLadder(min, max, eta).Rungs.AsEnumerable());

    [Fact]
    public void There_are_no_more_brackets_than_rungs_and_one_without_any() => Assert.Equal(3, new RungLadder(1, 9, 3, brackets: 20).Brackets);

    [Fact]
    public void Configurations_are_dealt_in_the_proportions_of_Hyperband()
    {
        // R = 81, eta = 3: Hyperband starts 81, 34, 15, 8 and 5 configurations.
        var ladder = new RungLadder(1, 81, 3, brackets: 5);
        double[] weights = [81 / 5.0, 27 / 4.0, 9 / 3.0, 3 / 2.0, 1];
        var counts = Enumerable.Range(1, 1000).CountBy(ladder.BracketOf).OrderBy(count => count.Key).Select(count => count.Value).ToList();
        Assert.Equal(5, counts.Count);
        Assert.All(counts.Zip(weights), pair => Assert.InRange(pair.First, (pair.Second / weights.Sum() * 1000) - 5, (pair.Second / weights.Sum() * 1000) + 5));
    }

    [Fact]
    public void A_later_bracket_leaves_out_the_first_rungs()
    {
        var ladder = new RungLadder(1, 9, 3, brackets: 2);
        var second = Enumerable.Range(1, 100).First(configuration => ladder.BracketOf(configuration) == 1);
        Assert.Null(ladder.Reached(Curve(second, 0.1)));
        Assert.Equal(3, ladder.Reached(Curve(second, 0.1, 0.2, 0.3)));
    }

    [Fact]
    public void A_rung_that_was_passed_over_counts_as_reached_by_the_next_report()
    {
        var ladder = new RungLadder(1, 27, 3);
        Assert.Equal(3, ladder.JustReached(Curve(1, double.NaN, 0.2, double.NaN, 0.4)));
        Assert.Null(ladder.JustReached(Curve(1, 0.1, 0.2, 0.3, 0.4)));
    }

    private static LearningCurve Curve(int configuration, params double[] values) => new(configuration, TrialState.Running, values);
}
