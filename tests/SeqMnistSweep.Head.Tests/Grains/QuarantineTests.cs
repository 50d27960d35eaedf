using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>A worker on which everything fails that succeeds elsewhere.</summary>
public sealed class QuarantineTests : IAsyncLifetime
{
    private const string Grid = "{name: grid, program: noop, method: grid, retry: {backoff: 1ms}, parameters: {x: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]}}}";
    private static readonly SweepAction Ada = new("ada@lab", "a new power supply");

    /// <summary>What failed on the bad one so far.</summary>
    private readonly HashSet<TrialId> _failed = [];

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_gets_no_more_trials_with_the_reason_until_somebody_lifts_that_over_restarts_of_the_head()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var (bad, good) = (_rig.Worker("bad"), _rig.Worker("good"));
        await good.ExchangeAsync();
        await RoundsAsync(bad, good, 2);
        await _rig.RestartAsync();
        await RoundsAsync(bad, good, 2);

        await Until.True(async () => (await InfoAsync("bad")).State != WorkerState.Ready, () => "bad is still ready");
        var info = await InfoAsync("bad");
        Assert.Matches($"^quarantined: [345] configurations failed here and did well elsewhere: {sweep}/2 crashed: exit code 1, then well on good; ", info.Reason);
        Assert.EndsWith("; 'seqsweep worker undrain bad' lets it take trials again", info.Reason, StringComparison.Ordinal);
        Assert.Equal(WorkerState.Ready, (await InfoAsync("good")).State);
        await Until.True(() => Task.FromResult(_rig.Reader.Events(sweep).Any(e => e.Kind == "quarantined" && e.Actor == "bad")), () => "there is no event");

        await good.ExchangeAsync(draining: true, leaving: true);
        await _rig.RestartAsync();
        var reply = await bad.ExchangeAsync();
        Assert.True(reply.Drain);
        Assert.Empty(reply.Grants);
        Assert.Contains("bad (quarantined: ", await _rig.Head.WhyWaits(sweep), StringComparison.Ordinal);

        await _rig.Head.Undrain("bad", Ada);
        await _rig.Worker("other").ExchangeAsync();
        Assert.Single((await bad.ExchangeAsync()).Grants);
        await _rig.CheckAsync();
        Assert.Equal(WorkerState.Ready, (await InfoAsync("bad")).State);
    }

    [Fact]
    public async Task The_last_one_that_takes_trials_keeps_them_until_another_comes()
    {
        await _rig.SubmitAsync(Grid);
        var (bad, good) = (_rig.Worker("bad"), _rig.Worker("good"));
        await good.ExchangeAsync();
        await RoundsAsync(bad, good, 3);
        await good.ExchangeAsync(draining: true, leaving: true);

        await _rig.CheckAsync();
        Assert.Equal(WorkerState.Ready, (await InfoAsync("bad")).State);
        await _rig.Worker("other").ExchangeAsync();
        await Until.True(async () => (await InfoAsync("bad")).State != WorkerState.Ready, () => "bad is still ready");
    }

    /// <summary>One fails what the other then completes, until it has done so for <paramref name="enough"/> trials; the last of them is still to be told.</summary>
    private async Task RoundsAsync(FakeWorker bad, FakeWorker good, int enough)
    {
        for (var (well, round) = (0, 0); well < enough; round++)
        {
            Assert.True(round < 100, $"only {well} trials that failed came to the other worker");
            await bad.ExchangeAsync();
            _failed.UnionWith(bad.Running.Select(grant => grant.Trial));
            End(bad, new AttemptEvent.Failed(FailureCause.Crashed, "exit code 1"));
            await good.ExchangeAsync();
            well += good.Running.Count(grant => _failed.Contains(grant.Trial));
            End(good, new AttemptEvent.Completed(null, null));
        }
    }

    private static void End(FakeWorker worker, AttemptEvent end)
    {
        foreach (var grant in worker.Running.ToList())
        {
            worker.Tell(grant, new AttemptEvent.Started("cpu")).Tell(grant, end);
        }
    }

    private async Task<WorkerInfo> InfoAsync(string name) => (await _rig.Head.GetWorkers()).Single(worker => worker.Name == name);
}
