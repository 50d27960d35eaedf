using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using SeqMnistSweep.Head;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Hosting;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Head and worker in one process, for <c>seqsweep run</c>: as over machines, but the membership is kept in memory, and nobody is let
/// in: its port is every account's of this machine.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private LocalCluster(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <param name="store">Open; the caller disposes it after this.</param>
    /// <param name="worker">Null for a head alone, which changes sweeps and runs none.</param>
    /// <param name="log">Where the silo's own warnings go.</param>
    public static async Task<LocalCluster> StartAsync(
        HeadStore store, HeadOptions head, WorkerOptions? worker, ILoggerProvider log, TimeProvider time)
    {
        var builder = CallerHost.CreateBuilder(time);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(OrleansLog.Watchdog, LogLevel.Error);
        builder.Logging.AddProvider(log);
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = (worker?.DrainTime ?? TimeSpan.Zero) + TimeSpan.FromSeconds(15));
        builder.UseOrleans(silo =>
        {
            var port = Ports.Free(IPAddress.Loopback);
            silo.UseLocalhostClustering(port, gatewayPort: 0, new IPEndPoint(IPAddress.Loopback, port));
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("run", "seqsweep"));
            silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = 8 << 20);
            silo.Configure<SiloConnectionOptions>(connections => connections.ConfigureSiloInboundConnection(Refuse));
            silo.AddActivityPropagation();
        });
        builder.Services.AddHead(head, store);
        if (worker is not null)
        {
            builder.Services.AddWorker(worker);
        }

        return new LocalCluster(await builder.StartAsync(CancellationToken.None));
    }

    /// <summary>The silo calls itself without a connection, and there is no other.</summary>
    private static void Refuse(IConnectionBuilder inbound) => inbound.Use(_ => connection =>
    {
        connection.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Drains: running trials write a checkpoint and are given back, everything is stored, then the silo ends.</summary>
    public async Task StopAsync() => await _host.StopAsync();

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
