using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting.Membership;
using SeqMnistSweep.Head;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The head as a process of its own: silo, gateway and HTTP in one host.</summary>
internal sealed class HeadHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HeadHost(WebApplication app) => _app = app;

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
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("SeqMnistSweep", LogLevel.Information);
        foreach (var log in logs)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Services.AddCaller(time);
        builder.Services.AddSingleton(options.Addresses(ports));

        // Otherwise Kestrel waits until the silo is active, and workers cannot reach the membership that lets it become so.
        builder.Services.Configure<HostOptions>(
            host => (host.ServicesStartConcurrently, host.ShutdownTimeout) = (true, TimeSpan.FromSeconds(20)));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen.Bind, ports.Http);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddHeadApi();
        builder.Configuration.AddInMemoryCollection(Telemetry.Settings());
        Telemetry.AddTo(builder.Services, builder.Configuration);
        builder.Host.UseOrleans(silo =>
        {
            SiloDefaults.Configure(silo, options.Listen, ports.Silo, ports.Gateway, "head");
            silo.UseMembership(options.Membership, store);
        });
        builder.Services.AddHead(head, store);
        var app = builder.Build();
        app.UseHeadApi();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization("viewer");
        app.MapHead();
        try
        {
            await options.Membership.PrepareAsync(cancellation);
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new HeadHost(app);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
