using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Watching;

public sealed class SweepTextTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_clock_of_a_finished_sweep_stands_still()
    {
        var status = new SweepStatus { Sweep = SweepId.Parse("s-0000"), State = SweepState.Running, Metric = "loss", Planned = 2, Started = Start };
        Assert.Equal("s-0000  running  0/2 trials, 1:00:00", SweepText.Headline(status, Start.AddHours(1)));
        Assert.Equal("s-0000  completed  0/2 trials, 42 s", SweepText.Headline(status with { State = SweepState.Completed, Finished = Start.AddSeconds(42) }, Start.AddHours(1)));
    }
}
