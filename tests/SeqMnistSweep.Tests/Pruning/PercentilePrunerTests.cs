using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class PercentilePrunerTests
{
    private readonly PercentilePruner _pruner = new(50, startup: 3, warmup: 1);

    private static readonly LearningCurve[] Three = [Done(1, 0.1, 0.5), Done(2, 0.2, 0.6), Done(3, 0.3, 0.7)];

    [Theory]
    [InlineData(0.59, Verdict.Stop)]
    [InlineData(0.6, Verdict.Continue)]     // a tie with the median survives
    [InlineData(0.61, Verdict.Continue)]
    [InlineData(double.NaN, Verdict.Stop)]
    public void The_best_value_so_far_is_held_against_the_median_at_the_same_epoch(double value, Verdict expected) =>
        Assert.Equal(expected, _pruner.Judge(Running(double.NaN, value), Three));

    [Fact]
    public void An_earlier_better_epoch_saves_a_trial() =>
        Assert.Equal(Verdict.Continue, _pruner.Judge(Running(0.65, 0.1), Three));

    [Fact]
    public void Nothing_is_stopped_during_warm_up() =>
        Assert.Equal(Verdict.Continue, _pruner.Judge(Running(0.0), Three));

    [Fact]
    public void Nothing_is_stopped_before_enough_trials_are_complete() =>
        Assert.Equal(Verdict.Continue, _pruner.Judge(Running(0.0, 0.0), Three[..2]));

    [Fact]
    public void An_even_number_of_rivals_has_its_median_between_the_middle_two() =>
        Assert.Equal(Verdict.Stop, _pruner.Judge(Running(0.0, 0.64), [.. Three, Done(4, 0.1, 0.8)]));

    [Fact]
    public void Trials_that_are_not_complete_or_did_not_get_so_far_do_not_count()
    {
        LearningCurve[] others = [.. Three, new(5, TrialState.Running, [0.9, 0.9]), Done(6, 0.9), Done(7, 0.9, double.NaN)];
        Assert.Equal(Verdict.Continue, _pruner.Judge(Running(0.0, 0.6), others));
    }

    private static LearningCurve Done(int trial, params double[] values) => new(trial, TrialState.Completed, values);

    private static LearningCurve Running(params double[] values) => new(9, TrialState.Running, values);
}
