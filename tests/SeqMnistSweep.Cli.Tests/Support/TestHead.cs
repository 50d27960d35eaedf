using System.Net;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>A real head in this process, on ports that the system gives.</summary>
internal sealed class TestHead : IAsyncDisposable
{
    private readonly HeadStore _store;
    private readonly HeadHost _host;

    private TestHead(HeadStore store, HeadHost host) => (_store, _host) = (store, host);

    public string Url => _host.Addresses.Http.GetLeftPart(UriPartial.Authority);

    public static async Task<TestHead> StartAsync(string database, bool takesUpUnfinished = false)
    {
        var store = await HeadStore.OpenAsync(database, TimeProvider.System);
        var listen = ListenAddress.Of(IPAddress.Loopback.ToString(), null, insecure: false);
        var options = new HeadOptions { CheckpointFolder = Path.Combine(Path.GetDirectoryName(database)!, "checkpoints"), TakesUpUnfinished = takesUpUnfinished };
        var host = await HeadHost.StartAsync(
            new HeadHostOptions { Listen = listen, HttpPort = 0, SiloPort = 0, GatewayPort = 0 }, options, store, [], TimeProvider.System, CancellationToken.None);
        return new TestHead(store, host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _store.Dispose();
    }
}
