using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Client;

public sealed class SlotWatchTests
{
    [Theory]
    [InlineData(3, 0)]
    [InlineData(int.MaxValue, 8)]
    public async Task A_cancel_returns_when_the_slots_are_free_or_names_who_has_not_answered(int busyFor, int exitCode)
    {
        using var place = new Workplace();
        await SeededResults.WriteAsync(place.Database);
        await using var head = await TestHead.StartAsync(place.Database);
        var fake = new FakeHead { SlotsBusyFor = busyFor };
        place.Link = fake;

        var run = await place.RunAsync("cancel", "tcn-live", "--reason", "enough", "--head", head.Url);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
        Assert.Equal("cancel tcn-live: enough", fake.Asked.Single());
        Assert.Contains(exitCode == 0 ? "its slots are free" : "worker gpu-1 has not answered for trial 2", run.Error, StringComparison.Ordinal);
    }
}
