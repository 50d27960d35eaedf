using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting.Membership;
using SeqMnistSweep.Cli.Hosting.Tls;
using SeqMnistSweep.Head;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The head as a process of its own: silo, gateway and HTTP in one host.</summary>
internal sealed partial class HeadHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HeadPresence? _presence;

    private HeadHost(WebApplication app, HeadPresence? presence) => (_app, _presence) = (app, presence);

    public IServiceProvider Services => _app.Services;

    public HeadAddresses Addresses => Services.GetRequiredService<HeadAddresses>();

    /// <param name="store">Open; the caller disposes it after this.</param>
    /// <exception cref="Console.CommandError">A port is taken.</exception>
    public static async Task<HeadHost> StartAsync(
        HeadHostOptions options, HeadOptions head, HeadStore store, IEnumerable<ILoggerProvider> logs, TimeProvider time,
        CancellationToken cancellation)
    {
        var ports = options.Claim();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("SeqMnistSweep", LogLevel.Information)
            .AddFilter(OrleansLog.Watchdog, LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        foreach (var log in logs)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Services.AddCaller(time);
        builder.Services.AddSingleton(options.Addresses(ports));
        var identity = HeadIdentity.Open(
            Path.GetDirectoryName(store.Reader.Path)!, options.Lives, options.HostNames(head.AllowedHosts), time);
        builder.Services.AddHeadTls(identity);

        // Otherwise Kestrel waits until the silo is active, and workers cannot reach the membership that lets it become so.
        builder.Services.Configure<HostOptions>(
            host => (host.ServicesStartConcurrently, host.ShutdownTimeout) = (true, TimeSpan.FromSeconds(20)));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            kestrel.Listen(options.Listen.Bind, ports.Http, listen => HeadTls.OnHttp(listen, options, identity));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddHeadApi();
        builder.Configuration.AddInMemoryCollection(Telemetry.Settings());
        Telemetry.AddTo(builder.Services, builder.Configuration);
        builder.Host.UseOrleans(silo =>
        {
            SiloDefaults.Configure(silo, options.Listen, ports.Silo, ports.Gateway, "head");
            silo.UseMembership(options.Membership, store);
            ClusterTls.OnGateway(silo);
            if (!options.Insecure)
            {
                ClusterTls.Between(silo);
            }
        });
        builder.Services.AddHead(head, store);
        builder.Services.AddAdmission(asksWorkers: !options.Insecure);
        var app = builder.Build();
        app.UseHeadApi();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization("viewer");
        app.MapHead();
        HeadPresence? presence = null;
        try
        {
            await options.Membership.PrepareAsync(cancellation);
            presence = Show(app, identity, store, options, time);
            await app.StartAsync(cancellation);
        }
        catch
        {
            presence?.Dispose();
            await app.DisposeAsync();
            throw;
        }

        return new HeadHost(app, presence);
    }

    /// <summary>What every server of these pages grants to whoever connects.</summary>
    public static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30); // also of a connection that never asks
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync()
    {
        _presence?.Dispose();
        return _app.DisposeAsync();
    }

    /// <returns>Null where there is no place for the file: the head is there for those who have a token.</returns>
    private static HeadPresence? Show(
        WebApplication app, HeadIdentity identity, HeadStore store, HeadHostOptions options, TimeProvider time)
    {
        var services = app.Services;
        try
        {
            return HeadPresence.Show(
                services.GetRequiredService<HeadAddresses>(), services.GetRequiredService<Credentials>(), identity, store.Reader.Path,
                options.Variable, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogHidden(services.GetRequiredService<ILogger<HeadHost>>(), error.Message);
            return null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "No program of this account finds this head by itself, its file cannot be written: {Why}")]
    private static partial void LogHidden(ILogger logger, string why);
}
