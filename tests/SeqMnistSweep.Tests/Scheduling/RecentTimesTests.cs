using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class RecentTimesTests
{
    [Fact]
    public void Nothing_is_known_before_the_first() => Assert.Null(new RecentTimes(10_000).Quantile(0.5));

    [Fact]
    public void Quantiles_are_of_the_last_ones_alone()
    {
        var times = new RecentTimes(10_000);
        for (var i = 0; i < 500; i++)
        {
            times.Add(TimeSpan.FromHours(1));
        }

        for (var i = 1; i <= 10_000; i++)
        {
            times.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(5000, times.Quantile(0.5));
        Assert.Equal(9900, times.Quantile(0.99));
        Assert.Equal(10_000, times.Quantile(1));
    }
}
