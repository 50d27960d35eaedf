using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>A real head in this process, on ports that the system gives.</summary>
internal sealed class TestHead : IAsyncDisposable
{
    /// <summary>Where commands in memory look for the files of heads.</summary>
    public static string RuntimeFolder { get; } = Directory.CreateTempSubdirectory("seqsweep-runtime-").FullName;

    private readonly HeadStore _store;
    private readonly HeadHost _host;

    private TestHead(HeadStore store, HeadHost host) => (_store, _host) = (store, host);

    public string Url => _host.Addresses.Http.GetLeftPart(UriPartial.Authority);

    public static async Task<TestHead> StartAsync(string database, bool takesUpUnfinished = false, string at = "127.0.0.1")
    {
        var store = await HeadStore.OpenAsync(database, TimeProvider.System);
        var listen = ListenAddress.Of(at, null);
        var options = new HeadOptions { CheckpointFolder = Path.Combine(Path.GetDirectoryName(database)!, "checkpoints"), TakesUpUnfinished = takesUpUnfinished, QueryCommand = SeqSweepProgram.Query };
        var host = await HeadHost.StartAsync(
            new HeadHostOptions { Listen = listen, HttpPort = 0, SiloPort = 0, GatewayPort = 0, Variable = Variable }, options, store, [], TimeProvider.System, CancellationToken.None);
        return new TestHead(store, host);
    }

    public IServiceProvider Services => _host.Services;

    /// <summary>A client that shows an admin's token.</summary>
    public HttpClient CreateClient()
    {
        var client = new HttpClient { BaseAddress = _host.Addresses.Http };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Services.GetRequiredService<Credentials>().AdminToken);
        return client;
    }

    /// <summary>The environment of a head under test.</summary>
    public static string? Variable(string name) => name == "XDG_RUNTIME_DIR" ? RuntimeFolder : null;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _store.Dispose();
    }
}
