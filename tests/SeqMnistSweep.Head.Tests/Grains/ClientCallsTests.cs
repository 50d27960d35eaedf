using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>A client as the command line is one: through the gateway.</summary>
public sealed class ClientCallsTests
{
    [Fact]
    public async Task A_client_reaches_the_grains_that_are_meant_for_it_and_no_other()
    {
        await using var rig = await HeadRig.StartAsync();
        var sweep = await rig.SubmitAsync("{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2]}}}");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client.UseLocalhostClustering(rig.GatewayPort));
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();

        Assert.Empty(await grains.GetGrain<IHeadGrain>(0).GetWorkers());
        Assert.Equal(sweep, (await grains.GetGrain<ISweepGrain>(sweep.Value).GetStatus(0, CancellationToken.None)).Sweep);
        var exchange = new ExchangeRequest { Holder = new LeaseHolder("thief", "thief-1", "cpu"), Slots = 1, FreeSlots = 1 };
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => grains.GetGrain<IDispatchGrain>(0).Exchange(exchange, CancellationToken.None));
        Assert.Contains("is closed to clients", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => grains.GetGrain<IManagementGrain>(0).ForceGarbageCollection([]));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_head_does_not_claim_to_host_the_grains_of_workers()
    {
        await using var rig = await HeadRig.StartAsync();
        Assert.Throws<ArgumentException>(() => rig.Grains.GetGrain<IWorkerGrain>("w|127.0.0.1:1@1"));
    }
}
