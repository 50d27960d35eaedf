using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Trials;

public sealed class SeedMeansTests
{
    [Fact]
    public void A_configuration_has_a_value_with_its_last_seed()
    {
        var means = new SeedMeans(3, maximize: false);
        Assert.Equal([null, null, null, 0.1, null, 0.5], new (int, double?)[] { (1, 0.1), (2, 0.9), (1, 0.1), (1, 0.1), (2, 0.3), (2, 0.3) }.Select(trial => means.Complete(trial.Item1, trial.Item2)));
    }

    [Fact]
    public void A_seed_without_a_value_leaves_none()
    {
        var means = new SeedMeans(2, maximize: false);
        Assert.Null(means.Complete(1, null));
        Assert.Null(means.Complete(1, 0.5));
        Assert.Equal(0.5, new SeedMeans(1, maximize: false).Complete(1, 0.5));
    }

    [Theory]
    [InlineData(true, new[] { 0.4, 0.6 })]
    [InlineData(false, new[] { 0.4, 0.2 })]
    public void The_best_is_told_when_its_last_seed_completes(bool maximize, double[] steps)
    {
        var means = new SeedMeans(2, maximize);
        var told = new (int, double)[] { (1, 0.3), (2, 0.9), (1, 0.5), (2, 0.3), (3, 0.4), (3, 0.4), (4, 0.2), (4, 0.2) }.Select(trial => means.CompleteBest(trial.Item1, trial.Item2));
        Assert.Equal(steps, told.OfType<double>());
        Assert.Equal(steps[^1], means.Best);
    }
}
