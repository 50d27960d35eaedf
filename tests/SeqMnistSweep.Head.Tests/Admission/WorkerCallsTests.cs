using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Head.Tests.Admission;

/// <summary>Calls from within the silo, as a client makes them that calls itself <c>hosted-...</c>: no filter on ids stops it (S2).</summary>
public sealed class WorkerCallsTests
{
    [Fact]
    public async Task S2_Only_a_worker_exchanges_and_only_in_its_own_name()
    {
        await using var rig = await HeadRig.StartAsync(options => options, asksWorkers: true);
        using var request = new KeyRequest();
        var key = (await rig.Workers.JoinAsync(new JoinRequest("w", request.ToPem()), null)).WorkerKey;

        await RefusedAsync(rig, null, "w", "127.0.0.1:11112@7");
        await RefusedAsync(rig, Secret.Create(), "w", "127.0.0.1:11112@7");
        await RefusedAsync(rig, key, "another", "127.0.0.1:11112@7");
        await RefusedAsync(rig, key, "w", "no silo");
        Assert.Equal(1, (await ExchangeAsync(rig, key, "w", "127.0.0.1:11112@7")).HeadEpoch);
        await RefusedAsync(rig, key, "w", "127.0.0.1:11112@8");

        Assert.True(await rig.Workers.RevokeAsync("w"));
        Assert.Contains("revoked", (await RefusedAsync(rig, key, "w", "127.0.0.1:11112@7")).Message, StringComparison.Ordinal);
    }

    private static Task<UnauthorizedAccessException> RefusedAsync(HeadRig rig, string? key, string worker, string incarnation) =>
        Assert.ThrowsAsync<UnauthorizedAccessException>(() => ExchangeAsync(rig, key, worker, incarnation));

    private static async Task<ExchangeReply> ExchangeAsync(HeadRig rig, string? key, string worker, string incarnation)
    {
        if (key is not null)
        {
            RequestContext.Set(WorkerKey.Name, key);
        }

        return await rig.Dispatch.Exchange(
            new ExchangeRequest { Holder = new LeaseHolder(worker, incarnation, "cpu"), Slots = 1, FreeSlots = 1 }, CancellationToken.None);
    }
}
