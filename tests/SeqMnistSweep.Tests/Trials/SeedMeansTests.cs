using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Trials;

public sealed class SeedMeansTests
{
    [Fact]
    public void A_configuration_has_a_value_with_its_last_seed()
    {
        var means = new SeedMeans(3);
        Assert.Equal([null, null, null, 0.1, null, 0.5], new (int, double?)[] { (1, 0.1), (2, 0.9), (1, 0.1), (1, 0.1), (2, 0.3), (2, 0.3) }.Select(trial => means.Complete(trial.Item1, trial.Item2)));
    }

    [Fact]
    public void A_seed_without_a_value_leaves_none()
    {
        var means = new SeedMeans(2);
        Assert.Null(means.Complete(1, null));
        Assert.Null(means.Complete(1, 0.5));
        Assert.Equal(0.5, new SeedMeans(1).Complete(1, 0.5));
    }
}
