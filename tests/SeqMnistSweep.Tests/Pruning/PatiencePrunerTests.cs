using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class PatiencePrunerTests
{
    [Theory]
    [InlineData(Verdict.Continue, 0.5, 0.4, 0.4)]
    [InlineData(Verdict.Stop, 0.5, 0.4, 0.4, 0.5)]
    [InlineData(Verdict.Continue, 0.5, 0.4, 0.4, 0.51)]
    [InlineData(Verdict.Stop, 0.5, double.NaN, double.NaN, 0.4)]
    public void Three_epochs_without_a_new_best_are_enough(Verdict expected, params double[] values) =>
        Assert.Equal(expected, new PatiencePruner(3, 0, 0).Judge(Curve(values), []));

    [Fact]
    public void What_is_better_by_no_more_than_min_delta_is_no_new_best() =>
        Assert.Equal(Verdict.Stop, new PatiencePruner(2, 0.05, 0).Judge(Curve(0.5, 0.52, 0.54), []));

    [Fact]
    public void Epochs_of_the_warm_up_do_not_count() =>
        Assert.Equal(Verdict.Continue, new PatiencePruner(2, 0, 2).Judge(Curve(0.9, 0.8, 0.3, 0.2), []));

    private static LearningCurve Curve(params double[] values) => new(1, TrialState.Running, values);
}
