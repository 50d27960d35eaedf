using System.Net;
using Orleans.Configuration;
using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>What every silo of a cluster has in common.</summary>
internal static class SiloDefaults
{
    /// <param name="gateway">0 for a silo that clients do not reach.</param>
    /// <param name="role">What the process is, for its last words.</param>
    public static void Configure(ISiloBuilder silo, ListenAddress listen, int port, int gateway, string role)
    {
        silo.ConfigureClusterTimes().ExitOnFatalError(role, System.Console.Error);
        silo.Configure<ClusterOptions>(
            cluster => (cluster.ClusterId, cluster.ServiceId) = (HeadAddresses.ClusterId, HeadAddresses.ServiceId));
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = listen.Advertised;
            endpoints.SiloPort = port;
            endpoints.GatewayPort = gateway;
            endpoints.SiloListeningEndpoint = new IPEndPoint(listen.Bind, port);
            endpoints.GatewayListeningEndpoint = gateway == 0 ? null : new IPEndPoint(listen.Bind, gateway);
        });
        silo.AddActivityPropagation();
    }
}
