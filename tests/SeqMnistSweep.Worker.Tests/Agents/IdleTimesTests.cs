using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Worker.Tests.Agents;

public sealed class IdleTimesTests
{
    [Fact]
    public void Nothing_is_known_before_the_first() => Assert.Null(new IdleTimes().Quantile(0.5));

    [Fact]
    public void Quantiles_are_of_the_last_ten_thousand()
    {
        var times = new IdleTimes();
        for (var i = 0; i < 500; i++)
        {
            times.Add(TimeSpan.FromHours(1));
        }

        for (var i = 1; i <= IdleTimes.Kept; i++)
        {
            times.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(5000, times.Quantile(0.5));
        Assert.Equal(9900, times.Quantile(0.99));
        Assert.Equal(10_000, times.Quantile(1));
    }
}
