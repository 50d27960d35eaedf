using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>A cluster whose membership is kept outside the head: what a head, a worker and a client get of it. None is started before it is asked for.</summary>
internal sealed class ServerTable(IHost head, IHost worker, IHost client, string clusterId) : IAsyncDisposable
{
    private readonly IHost[] _silos = [worker, head];

    public string ClusterId => clusterId;

    public IMembershipTable Table => head.Services.GetRequiredService<IMembershipTable>();

    public IGatewayListProvider Gateways => client.Services.GetRequiredService<IGatewayListProvider>();

    public IClusterClient Client => client.Services.GetRequiredService<IClusterClient>();

    public static async Task<ServerTable> CreateAsync(string address)
    {
        var choice = MembershipChoice.Parse(address);
        await choice.PrepareAsync(CancellationToken.None);
        var cluster = Guid.NewGuid().ToString("n");
        var client = Builder();
        client.UseOrleansClient(orleans => orleans
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "seqsweep"))
            .UseMembership(choice, new IPEndPoint(IPAddress.Loopback, 1)));
        return new ServerTable(Silo(choice, cluster, LocalPort.Free()), Silo(choice, cluster, 0), client.Build(), cluster);
    }

    /// <summary>Head, worker and client, one after the other.</summary>
    public async Task StartAsync()
    {
        await head.StartAsync();
        await worker.StartAsync();
        await client.StartAsync();
    }

    public async Task StopAsync()
    {
        await client.StopAsync();
        foreach (var silo in _silos)
        {
            await silo.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in (IHost[])[client, .. _silos])
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private static IHost Silo(MembershipChoice choice, string cluster, int gateway)
    {
        var builder = Builder();
        builder.UseOrleans(orleans => orleans
            .ConfigureEndpoints(IPAddress.Loopback, LocalPort.Free(), gateway)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "seqsweep"))
            .ConfigureClusterTimes()
            .UseMembership(choice, new Uri("http://127.0.0.1:1")));
        return builder.Build();
    }

    private static HostApplicationBuilder Builder() => Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
}
