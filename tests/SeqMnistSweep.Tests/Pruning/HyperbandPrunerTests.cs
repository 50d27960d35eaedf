using SeqMnistSweep.Pruning;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class HyperbandPrunerTests
{
    private readonly HyperbandPruner _strict = new([2, 6], 3, strict: true);
    private readonly HyperbandPruner _lenient = new([2, 6], 3, strict: false);

    [Theory]
    [InlineData(81, 3, 3, new[] { 3, 9, 27 })]
    [InlineData(18, 2, 3, new[] { 2, 6 })]
    [InlineData(5, 2, 2, new[] { 1, 2 })]
    [InlineData(100, 5, 3, new[] { 1, 3, 11, 33 })]
    public void Bands_of_max_iter_are_fractions_of_it(long max, long s, double eta, int[] bands) =>
        Assert.Equal(bands, BandsOf(("max_iter", max), ("s", s), ("eta", eta)).AsEnumerable());

    [Theory]
    [InlineData(3, 3, new[] { 3, 9, 27 })]
    [InlineData(30, 1.5, new[] { 30, 45, 67 })]
    public void Bands_of_min_iter_are_multiples_of_it(long min, double eta, int[] bands) =>
        Assert.Equal(bands, BandsOf(("min_iter", min), ("eta", eta)).Take(3));

    [Fact]
    public void A_band_that_a_trial_has_passed_stops_it_later_when_better_ones_arrive()
    {
        var trial = Curve(1, 0.1, 0.5, 0.6);
        Assert.Equal(Verdict.Continue, _strict.Judge(trial, [Curve(2, 0.0, 0.4)]));
        Assert.Equal(Verdict.Stop, _strict.Judge(trial, [Curve(2, 0, 0.7), Curve(3, 0, 0.8), Curve(4, 0, 0.9)]));
    }

    [Fact]
    public void Unless_strict_a_better_epoch_before_or_after_the_band_saves_a_trial()
    {
        LearningCurve[] others = [Curve(2, 0, 0.7), Curve(3, 0, 0.8), Curve(4, 0, 0.9)];
        Assert.Equal(Verdict.Stop, _strict.Judge(Curve(1, 0.1, 0.5, 0.85), others));
        Assert.Equal(Verdict.Continue, _lenient.Judge(Curve(1, 0.1, 0.5, 0.85), others));
    }

    [Fact]
    public void A_tie_with_the_threshold_survives()
    {
        LearningCurve[] others = [Curve(2, 0, 0.9), Curve(3, 0, 0.5)];
        Assert.Equal(Verdict.Continue, _strict.Judge(Curve(1, 0, 0.5), others));
    }

    [Fact]
    public void Iterations_are_counted_by_values_that_are_numbers()
    {
        LearningCurve[] others = [Curve(2, 0, 0.7), Curve(3, 0, 0.8), Curve(4, 0, 0.9)];
        Assert.Equal(Verdict.Continue, _strict.Judge(Curve(1, double.NaN, 0.1), others));
        Assert.Equal(Verdict.Stop, _strict.Judge(Curve(1, double.NaN, 0.1, 0.1), others));
    }

    [Fact]
    public void Trials_in_any_state_make_the_threshold() =>
        Assert.Equal(Verdict.Stop, _strict.Judge(Curve(1, 0, 0.1), [Curve(2, 0, 0.7) with { State = TrialState.Failed }, Curve(3, 0, 0.8) with { State = TrialState.Pruned }, Curve(4, 0, 0.9)]));

    private static LearningCurve Curve(int trial, params double[] values) => new(trial, TrialState.Running, values);

    private static System.Collections.Immutable.ImmutableArray<int> BandsOf(params (string Name, double Value)[] settings) => HyperbandPruner.BandsOf(new ParameterSet(
        settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Name == "eta" ? ParameterValue.Of(setting.Value) : ParameterValue.Of((long)setting.Value)))));
}
