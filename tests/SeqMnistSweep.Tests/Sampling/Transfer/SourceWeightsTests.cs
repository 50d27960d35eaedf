using SeqMnistSweep.Sampling.Transfer;

namespace SeqMnistSweep.Tests.Sampling.Transfer;

public sealed class SourceWeightsTests
{
    [Fact]
    public void Sources_share_the_trust_evenly_before_there_are_results()
    {
        var weights = SourceWeights.Of([0.5, 0.5, 0.5, 0.5], 0.5, 0);
        Assert.All(weights.Sources, weight => Assert.Equal(weights.Trust / 4, weight, 12));
        Assert.InRange(weights.Trust, 0.85, 1);
    }

    [Fact]
    public void The_trust_is_that_of_the_best_source_however_many_guess()
    {
        var alone = SourceWeights.Of([0.8], 0.5, 8);
        var among = SourceWeights.Of([0.8, 0.5, 0.5, 0.45, 0.5, 0.55, 0.5], 0.5, 8);
        Assert.Equal(alone.Trust, among.Trust, 12);
        Assert.Equal(alone.Trust, among.Sources[0], 12);
        Assert.All(among.Sources[1..], weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Sources_that_rank_alike_share() =>
        Assert.Equal(SourceWeights.Of([0.8, 0.8], 0.5, 10).Sources[0], SourceWeights.Of([0.8, 0.8, 0.2], 0.5, 10).Sources[1], 12);

    [Fact]
    public void A_reversed_source_is_forgotten_after_some_results()
    {
        var trust = Enumerable.Range(0, 11).Select(results => SourceWeights.Of([results < 2 ? 0.5 : 0.2], 0.5, results).Trust).ToList();
        Assert.Equal(trust.OrderDescending(), trust);
        Assert.InRange(trust[10], 0, 0.01);
    }

    [Fact]
    public void A_source_that_guesses_is_forgotten_too_later()
    {
        Assert.InRange(SourceWeights.Of([0.5], 0.5, 5).Trust, 0.5, 0.9);
        Assert.InRange(SourceWeights.Of([0.5], 0.5, 40).Trust, 0, 0.05);
    }

    [Fact]
    public void What_the_sweep_s_own_model_knows_as_well_needs_no_source()
    {
        Assert.InRange(SourceWeights.Of([0.75], 0.6, 20).Trust, 0.95, 1);
        Assert.InRange(SourceWeights.Of([0.75], 0.95, 20).Trust, 0, 0.05);
    }

    [Fact]
    public void Concordance_counts_a_tie_of_predictions_half_and_no_pair_of_equal_losses()
    {
        Assert.Equal(1, SourceWeights.Concordance([1, 2, 3], [10, 20, 30]));
        Assert.Equal(0, SourceWeights.Concordance([1, 2, 3], [3, 2, 1]));
        Assert.Equal(2.5 / 3, SourceWeights.Concordance([1, 2, 3], [1, 1, 2]), 12);
        Assert.Equal(1, SourceWeights.Concordance([1, 1, 3], [2, 1, 4]));
        Assert.Equal(0.5, SourceWeights.Concordance([1], [7]));
    }
}
