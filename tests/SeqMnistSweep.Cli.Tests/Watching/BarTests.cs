using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Watching;

public sealed class BarTests
{
    [Theory]
    [InlineData(0, "....")]
    [InlineData(0.5, "##..")]
    [InlineData(7, "####")]
    [InlineData(double.NaN, "....")]
    public void A_share_fills_the_bar(double share, string bar) => Assert.Equal(bar, Bar.Of(share, 4, unicode: false));

    [Theory]
    [InlineData(10L, "###++x==..")]
    [InlineData(null, "####++xx==")]
    [InlineData(1L, "####++xx==")]
    public void States_differ_without_colour(long? planned, string bar)
    {
        var counts = new Dictionary<TrialState, int> { [TrialState.Completed] = 3, [TrialState.Pruned] = 2, [TrialState.Failed] = 1, [TrialState.Running] = 2 };
        var line = Bar.Of(counts, planned, 10, unicode: false);
        Assert.Equal(10, line.Text.Length);
        Assert.Equal(bar, line.Text);
    }

    [Fact]
    public void A_curve_rises_with_its_values()
    {
        Assert.Equal("▁ █", Bar.Curve([0, double.NaN, 1], 10, unicode: true));
        Assert.Equal("▁▁", Bar.Curve([1, 1], 10, unicode: true));
        Assert.Equal(5, Bar.Curve([.. Enumerable.Range(0, 1000).Select(n => (double?)n)], 5, unicode: true).Length);
        Assert.Equal("", Bar.Curve([1, 2], 10, unicode: false));
    }
}
