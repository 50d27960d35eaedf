using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The dashboard on a port of this machine, for this account alone and as long as a command goes on: of what a <c>run</c> runs, or
/// of a database that is only read.</summary>
internal sealed class LocalPage : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HeadPresence? _presence;

    private LocalPage(WebApplication app, HeadPresence? presence) => (_app, _presence) = (app, presence);

    public IServiceProvider Services => _app.Services;

    public Uri Url => Services.GetRequiredService<HeadAddresses>().Http;

    /// <summary>Lets one browser in, once.</summary>
    public Uri Link(Caller caller) => SignInLink.Of(Url, Services.GetRequiredService<LoginCodes>().Create(caller));

    /// <summary>Of a run.</summary>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="silo">The services of its silo.</param>
    /// <param name="variable">Reads the environment, for the place of the file by which commands find it.</param>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public static async Task<LocalPage> StartAsync(
        HeadStore store, HeadOptions head, int port, IServiceProvider silo, ILoggerProvider log, Func<string, string?> variable,
        TimeProvider time)
    {
        var builder = CreateBuilder(store, head, port, time);
        builder.Logging.AddProvider(log);
        builder.Services.AddSilo(silo);
        var app = builder.Build();
        app.UseHeadApi();
        app.MapRun();
        return await StartAsync(app, TryShow(app, store, variable, time));
    }

    /// <summary>Of a database.</summary>
    /// <inheritdoc cref="StartAsync(HeadStore, HeadOptions, int, IServiceProvider, ILoggerProvider, Func{string, string?}, TimeProvider)"/>
    public static Task<LocalPage> StartAsync(HeadStore store, HeadOptions head, int port, TimeProvider time)
    {
        var app = CreateBuilder(store, head, port, time).Build();
        app.UseHeadApi();
        app.MapStored();
        return StartAsync(app, null);
    }

    public async ValueTask DisposeAsync()
    {
        _presence?.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1)); // a browser's stream would go on for ever
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    /// <returns>Null where there is no place for the file: then no command finds the page, and a browser has its link.</returns>
    private static HeadPresence? TryShow(WebApplication app, HeadStore store, Func<string, string?> variable, TimeProvider time)
    {
        try
        {
            return HeadPresence.Show(
                app.Services.GetRequiredService<HeadAddresses>(), app.Services.GetRequiredService<Credentials>(), identity: null,
                store.Reader.Path, variable, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static WebApplicationBuilder CreateBuilder(HeadStore store, HeadOptions head, int port, TimeProvider time)
    {
        port = PortOf(port);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.AddCaller(time);
        builder.Services.AddSingleton(new HeadAddresses(
            new Uri($"http://{new IPEndPoint(IPAddress.Loopback, port)}"), Silo: null, Gateway: null, "none"));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            HeadHost.Limit(kestrel);
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddPages(head, store);
        return builder;
    }

    /// <exception cref="IOException">None can be had.</exception>
    private static int PortOf(int port)
    {
        try
        {
            return port == 0 ? Ports.Free(IPAddress.Loopback) : port;
        }
        catch (SocketException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private static async Task<LocalPage> StartAsync(WebApplication app, HeadPresence? presence)
    {
        try
        {
            await app.StartAsync();
            return new LocalPage(app, presence);
        }
        catch
        {
            presence?.Dispose();
            await app.DisposeAsync();
            throw;
        }
    }
}
