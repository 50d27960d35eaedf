using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.Worker.Tests.Core;

public sealed class PrefetcherTests
{
    [Fact]
    public void Nothing_is_wanted_before_anything_is_known() => Assert.Equal(0, new Prefetcher().Wanted(4, TimeSpan.Zero));

    [Theory]
    [InlineData(0, 1, Prefetcher.Max)]
    [InlineData(1, 1, 100)]
    [InlineData(1, 8, 800)]
    [InlineData(50, 4, 8)]
    [InlineData(100, 4, 4)]
    [InlineData(101, 4, 0)]
    [InlineData(60_000, 4, 0)]
    public void Work_for_a_tenth_of_a_second_is_wanted(int milliseconds, int slots, int wanted)
    {
        var ahead = new Prefetcher();
        for (var i = 0; i < 100; i++)
        {
            ahead.Took(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.Equal(wanted, ahead.Wanted(slots, TimeSpan.Zero));
    }

    [Fact]
    public void Nothing_is_wanted_while_a_trial_of_another_length_runs()
    {
        var ahead = new Prefetcher();
        ahead.Took(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, ahead.Wanted(1, TimeSpan.FromMilliseconds(150)));
    }

    [Fact]
    public void A_change_of_length_is_noticed_within_a_few_trials()
    {
        var ahead = new Prefetcher();
        ahead.Took(TimeSpan.FromMilliseconds(1));
        ahead.Took(TimeSpan.FromSeconds(2));
        Assert.Equal(0, ahead.Wanted(1, TimeSpan.Zero));
    }
}
