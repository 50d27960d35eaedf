using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using SeqMnistSweep.Cli.Hosting.Tls;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Client;

/// <summary>An Orleans client of a head's gateway. Logs nowhere: what goes wrong is in the exceptions.</summary>
internal sealed class HeadLink : IHeadLink
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>A head answers HTTP a moment before its gateway.</summary>
    private const int ConnectAttempts = 20;

    private readonly IHost _host;

    private HeadLink(IHost host) => _host = host;

    public IHeadGrain Head => Grains.GetGrain<IHeadGrain>(0);

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public ISweepGrain Sweep(SweepId sweep) => Grains.GetGrain<ISweepGrain>(sweep.Value);

    /// <exception cref="CommandError">The head gives nothing to show at its gateway.</exception>
    public static async Task<IHeadLink> ConnectAsync(
        HeadInfo info, HeadContact head, TimeProvider time, CancellationToken cancellation)
    {
        var pass = await GatewayPass.FindAsync(head, cancellation);
        var builder = CallerHost.CreateBuilder(time);
        builder.Services.AddSingleton<IClientConnectionRetryFilter>(new FewAttempts(time));
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(IPEndPoint.Parse(info.Gateway!));
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (info.ClusterId, info.ServiceId));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            var tls = new ClusterTls(() => pass.Certificate, pass.Authority, NullLogger<ClusterTls>.Instance);
            client.Services.Configure<ClientConnectionOptions>(
                connections => connections.ConfigureConnection(connection => tls.Connect(connection, CertificateRole.Head)));
        });
        return new HeadLink(await builder.StartAsync(cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _host.StopAsync(limit.Token);
        }
        catch (Exception)
        {
            // The head may be gone; so is the connection, either way.
        }

        _host.Dispose();
    }

    private sealed class FewAttempts(TimeProvider time) : IClientConnectionRetryFilter
    {
        private int _attempts;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            await Task.Delay(RetryDelay, time, cancellationToken);
            return ++_attempts < ConnectAttempts;
        }
    }
}

/// <summary>A connection to the grains of a head.</summary>
internal interface IHeadLink : IAsyncDisposable
{
    IHeadGrain Head { get; }

    ISweepGrain Sweep(SweepId sweep);
}
