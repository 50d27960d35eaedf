using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Grains;

namespace SeqMnistSweep.Cli.Client;

/// <summary>A client of a head: an Orleans client of its gateway, found through its HTTP address.</summary>
internal sealed class HeadConnection : IAsyncDisposable
{
    private static readonly TimeSpan HttpTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly IHost _host;

    private HeadConnection(Uri address, ClusterInfo info, IHost host)
    {
        Address = address;
        Info = info;
        _host = host;
    }

    public Uri Address { get; }

    public ClusterInfo Info { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    public IHeadGrain Head => Grains.GetGrain<IHeadGrain>(0);

    /// <exception cref="CommandError">No head answers there, or it is another version.</exception>
    public static async Task<HeadConnection> OpenAsync(Uri address, TimeProvider time, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = HttpTimeout };
        var info = await ClusterInfo.FetchAsync(http, address, cancellation);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(IPEndPoint.Parse(info.Gateway));
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (info.ClusterId, info.ServiceId));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10));
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            client.UseConnectionRetryFilter(new Retry(time));
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new HeadConnection(address, info, host);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            host.Dispose();
            throw Unreachable(address, $"its gateway {info.Gateway} does not: {error.Message}");
        }
    }

    public static CommandError Unreachable(Uri address, string why) => new(
        ExitCodes.HeadUnreachable, $"the head at {address.GetLeftPart(UriPartial.Authority)} answers, but {why}", "seqsweep doctor looks for what is wrong");

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _host.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    /// <summary>A head that has just started opens its gateway a moment after its HTTP.</summary>
    private sealed class Retry(TimeProvider time) : IClientConnectionRetryFilter
    {
        private readonly long _start = time.GetTimestamp();

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (time.GetElapsedTime(_start) > Patience)
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellationToken);
            return true;
        }
    }
}
