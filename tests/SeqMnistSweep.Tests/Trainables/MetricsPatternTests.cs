using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Tests.Trainables;

public sealed class MetricsPatternTests
{
    [Theory]
    [InlineData(@"loss=(?P<loss>\S+)", "epoch 3 loss=0.5 done", "loss=0.5")]
    [InlineData(@"loss=(?<loss>[\d.]+)", "loss=0.5 loss=0.25", "loss=0.5 loss=0.25")]
    [InlineData(@"Epoch (?P<epoch>\d+).*acc: (?P<acc>[\d.]+)", "Epoch 2/9 - acc: 0.9", "epoch=2 acc=0.9")]
    [InlineData(@"loss=(?P<loss>\S+)|acc=(?P<acc>\S+)", "acc=1 loss=2", "acc=1 loss=2")]
    [InlineData(@"(?P<name>[\w/]+)=(?P<value>\S+)", "val/loss=0.5 acc=1", "val/loss=0.5 acc=1")]
    [InlineData(@"\(?P<loss=(?P<loss>\d+)", "P<loss=7", "loss=7")]
    [InlineData(@"loss=(?P<loss>\S+)$", "\rloss=9\rloss=1\r\n", "loss=1")]
    [InlineData(@"loss=(?P<loss>\S+)", "nothing", "")]
    public void Groups_are_metrics(string pattern, string line, string found) =>
        Assert.Equal(found, string.Join(' ', MetricsPattern.Parse(pattern).In(line).Select(metric => $"{metric.Name}={metric.Value}")));

    [Theory]
    [InlineData(@"loss=(\S+)", "no named group")]
    [InlineData(@"(?P<a>x)(?P=a)", "")]
    [InlineData(@"(?P<a>x)\k<a>", "takes too long")]
    [InlineData(@"(?P<a>(x{900}){900})", "takes too long")]
    [InlineData(@"(?P<a>", "")]
    public void What_cannot_be_used_is_said(string pattern, string why) =>
        Assert.Contains(why, Assert.ThrowsAny<ArgumentException>(() => MetricsPattern.Parse(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_expression_that_goes_back_and_forth_elsewhere_takes_no_time_here()
    {
        var start = ThreadClock.Now();
        Assert.Empty(MetricsPattern.Parse(@"^(?P<loss>(a+)+)$").In(new string('a', 4000) + "!"));
        Assert.Empty(MetricsPattern.Parse(@"(?P<loss>a+)").In(new string('a', 100_000)));
        Assert.True(ThreadClock.Now() - start < TimeSpan.FromSeconds(1));
    }
}
