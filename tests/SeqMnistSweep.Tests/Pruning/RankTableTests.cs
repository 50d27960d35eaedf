using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

/// <summary>How good a trial's place among n at a rung must be to go on, rule by rule; worked out by replaying the rules of the systems named.</summary>
public sealed class RankTableTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 27];

    [Theory]
    [InlineData(3, new[] { 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 10 })]
    [InlineData(4, new[] { 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7 })]
    public void Hyperband_lets_on_as_many_as_Weights_and_Biases_when_strict(int eta, int[] places) =>
        Assert.Equal(places, Sizes.Select(n => PlacesOf(new HyperbandPruner([1], eta, strict: true), n)));

    [Theory]
    [InlineData(3, new[] { 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 9 })]
    [InlineData(4, new[] { 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 6 })]
    public void Asha_lets_on_as_many_as_Optuna_and_Determined(int eta, int[] places) =>
        Assert.Equal(places, Sizes.Select(n => PlacesOf(new AshaPruner(new RungLadder(1, null, eta), eta), n)));

    [Theory]
    [InlineData(3, new[] { 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 9 })]
    [InlineData(4, new[] { 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 6 })]
    public void Asha_promotes_as_many_as_Orion(int eta, int[] places) =>
        Assert.Equal(places, Sizes.Select(n => PromotedOf(new AshaPromoter(new RungLadder(1, null, eta), eta), n)));

    /// <summary>The worst place with which a newcomer goes on; every better one must.</summary>
    private static int PlacesOf(IPruner pruner, int n)
    {
        var goOn = Enumerable.Range(1, n).Where(place => pruner.Judge(Curve(place), Enumerable.Range(1, n).Where(other => other != place).Select(other => Curve(other))) == Verdict.Continue).ToList();
        Assert.Equal(Enumerable.Range(1, goOn.Count), goOn);
        return goOn.Count;
    }

    private static int PromotedOf(AshaPromoter promoter, int n)
    {
        var trials = Enumerable.Range(1, n).Select(place => Curve(place, TrialState.Paused)).ToList();
        var promoted = 0;
        while (promoter.Next(trials, isLast: false) is [var next])
        {
            Assert.Equal(++promoted, next.Trial);
            trials[next.Trial - 1] = Curve(next.Trial, TrialState.Running);
        }

        return promoted;
    }

    private static LearningCurve Curve(int place, TrialState state = TrialState.Running) => new(place, state, [-place]);
}
