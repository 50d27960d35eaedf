namespace SeqMnistSweep.Sampling.Transfer;

/// <summary>How much each source of a prior is trusted, by how well it ranks the new sweep's own results (in the spirit of the two-stage
/// surrogate of Wistuba 2016 and of RGPE, Feurer 2018). A source's odds grow or fall with every result by its share of concordant pairs,
/// held against the share of the best, so that many poor sources do not add up against a good one; and what the sweep's own model,
/// leaving out the result that it judges, does as well without any source takes the trust from all of them.</summary>
/// <param name="Sources">For each the share of the trust, from 0 to 1; their sum is <paramref name="Trust"/>.</param>
/// <param name="Trust">In all of them together, from 0 to 1.</param>
internal sealed record SourceWeights(ImmutableArray<double> Sources, double Trust)
{
    /// <summary>Odds of no source at all before there are results, where one source has 1.</summary>
    private const double OwnOdds = 0.1;

    /// <summary>By how much a result multiplies the odds of who ranks all pairs right against one who guesses, as a logarithm.</summary>
    private const double Evidence = 1.5;

    /// <summary>What a source must rank better than: more than a guess, for one that guesses does harm. Higher forgets
    /// an honest source whose few points say little (fifty on Hartmann's six axes).</summary>
    private const double Guess = 0.55;

    /// <summary>Who has less than this part of the best's odds is left out.</summary>
    private const double Least = 0.1;

    /// <param name="concordances">For each source its share of concordant pairs, 0.5 where nothing is known.</param>
    /// <param name="own">That of the sweep's own model.</param>
    /// <param name="results">How many results there are.</param>
    public static SourceWeights Of(IReadOnlyList<double> concordances, double own, int results)
    {
        var ownShare = Math.Max(Guess, own);
        var top = Math.Max(ownShare, concordances.Max());
        var odds = concordances.Select(share => Odds(share)).ToArray();
        var best = odds.Max();
        for (var i = 0; i < odds.Length; i++)
        {
            odds[i] = odds[i] < Least * best ? 0 : odds[i];
        }

        var trust = best / (best + (OwnOdds * Odds(ownShare)));
        var sum = odds.Sum();
        return new SourceWeights([.. odds.Select(odd => trust * odd / sum)], trust);

        double Odds(double share) => Math.Exp(2 * Evidence * results * (share - top));
    }

    /// <summary>The share of pairs that predictions put in the order of the losses; a tie of predictions is half right, pairs of equal
    /// losses do not count. 0.5 without a pair.</summary>
    public static double Concordance(ReadOnlySpan<double> losses, ReadOnlySpan<double> predictions)
    {
        double right = 0, pairs = 0;
        for (var i = 1; i < losses.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var order = losses[i].CompareTo(losses[j]);
                if (order == 0) continue;

                pairs++;
                var said = predictions[i].CompareTo(predictions[j]);
                right += said == 0 ? 0.5 : said == order ? 1 : 0;
            }
        }

        return pairs == 0 ? 0.5 : right / pairs;
    }
}
