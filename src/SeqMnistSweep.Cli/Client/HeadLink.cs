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

    private readonly ServiceProvider _services;

    private HeadLink(ServiceProvider services) => _services = services;

    public IHeadGrain Head => Grains.GetGrain<IHeadGrain>(0);

    private IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public ISweepGrain Sweep(SweepId sweep) => Grains.GetGrain<ISweepGrain>(sweep.Value);

    /// <exception cref="CommandError">The head gives nothing to show at its gateway.</exception>
    public static async Task<IHeadLink> ConnectAsync(
        HeadInfo info, HeadContact head, TimeProvider time, CancellationToken cancellation)
    {
        var pass = await GatewayPass.FindAsync(head, cancellation);
        var services = new ServiceCollection().AddSingleton(time).AddSingleton<IClientConnectionRetryFilter>(new FewAttempts(time));
        services.AddOrleansClient(client =>
        {
            client.UseStaticClustering(IPEndPoint.Parse(info.Gateway!));
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (info.ClusterId, info.ServiceId));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            var tls = new ClusterTls(() => pass.Certificate, pass.Authority, NullLogger<ClusterTls>.Instance);
            client.Services.Configure<ClientConnectionOptions>(
                connections => connections.ConfigureConnection(connection => tls.Connect(connection, CertificateRole.Head)));
        });
        var link = new HeadLink(services.BuildServiceProvider());
        try
        {
            await Task.WhenAll(link.Parts.Select(part => part.StartAsync(cancellation)));
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of the client: a host around them would cost the command more than it gives.</summary>
    private IEnumerable<IHostedService> Parts => _services.GetServices<IHostedService>();

    /// <summary>Waits for nothing: a command ends here, and its connection with it. One that goes on, to a head that was started again, has
    /// time for it beside.</summary>
    public ValueTask DisposeAsync()
    {
        _ = Task.Run(StopAsync);
        return ValueTask.CompletedTask;
    }

    private async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await Task.WhenAll(Parts.Select(part => part.StopAsync(limit.Token)));
        }
        catch (Exception)
        {
            // The head may be gone; so is the connection, either way.
        }

        await _services.DisposeAsync();
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
