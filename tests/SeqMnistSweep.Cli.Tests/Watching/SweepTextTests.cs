using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Watching;

public sealed class SweepTextTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clock_counts_while_something_runs()
    {
        var status = new SweepStatus { Sweep = SweepId.Parse("s-0000"), State = SweepState.Running, Metric = "loss", Planned = 2, Started = Start, RanSeconds = 42 };
        Assert.Equal("s-0000  running  0/2 trials, 42 s", SweepText.Headline(status));
        Assert.Equal("s-0000  queued  0/2 trials", SweepText.Headline(status with { State = SweepState.Queued, Started = null }));
    }
}
