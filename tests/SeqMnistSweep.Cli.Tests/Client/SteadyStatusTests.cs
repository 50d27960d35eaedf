using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Client;

public sealed class SteadyStatusTests
{
    [Fact]
    public async Task A_head_that_goes_down_and_comes_back_is_waited_for_and_the_next_events_are_asked_for()
    {
        using var place = new Workplace();
        await SeededResults.WriteAsync(place.Database);
        await using var head = await TestHead.StartAsync(place.Database);
        var link = new FailingLink(new FakeHead { State = SweepState.Completed }, failures: 2);
        place.Link = link;

        var run = await place.RunAsync("watch", "tcn-live", "--since", "11", "-o", "jsonl", "--head", head.Url);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("no head answers", run.Error, StringComparison.Ordinal);
        Assert.Contains("the head is back", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\"seq\":11", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"seq\":12", run.Out, StringComparison.Ordinal);
    }

    /// <summary>Fails as Orleans does when the gateway is gone.</summary>
    private sealed class FailingLink(FakeHead head, int failures) : IHeadLink
    {
        private int _left = failures;

        public Grains.IHeadGrain Head => head;

        public Grains.ISweepGrain Sweep(SweepId sweep) => _left-- > 0 ? throw new Orleans.Runtime.OrleansException("the gateway is gone") : head.Sweep(sweep);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
