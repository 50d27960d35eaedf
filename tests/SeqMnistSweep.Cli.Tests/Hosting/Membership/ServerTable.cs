using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>What head and clients get of a place outside the head: a silo's table and a client's list of gateways. Neither is started.</summary>
internal sealed class ServerTable : IAsyncDisposable
{
    private readonly IHost _silo;
    private readonly IHost _client;

    private ServerTable(IHost silo, IHost client, string clusterId) => (_silo, _client, ClusterId) = (silo, client, clusterId);

    /// <summary>No other table's.</summary>
    public string ClusterId { get; }

    public IMembershipTable Table => _silo.Services.GetRequiredService<IMembershipTable>();

    public IGatewayListProvider Gateways => _client.Services.GetRequiredService<IGatewayListProvider>();

    public static async Task<ServerTable> CreateAsync(string address)
    {
        var choice = MembershipChoice.Parse(address);
        await choice.PrepareAsync(CancellationToken.None);
        var cluster = Guid.NewGuid().ToString("n");
        var silo = Builder();
        silo.UseOrleans(orleans => orleans
            .ConfigureEndpoints(IPAddress.Loopback, 21002, 0)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "seqsweep"))
            .UseMembership(choice, new Uri("http://127.0.0.1:1")));
        var client = Builder();
        client.UseOrleansClient(orleans => orleans
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "seqsweep"))
            .UseMembership(choice, new IPEndPoint(IPAddress.Loopback, 1)));
        return new ServerTable(silo.Build(), client.Build(), cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_silo).DisposeAsync();
        await ((IAsyncDisposable)_client).DisposeAsync();
    }

    private static HostApplicationBuilder Builder() => Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
}
