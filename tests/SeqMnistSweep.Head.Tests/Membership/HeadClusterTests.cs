using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using SeqMnistSweep.Grains.Membership;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Membership;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Worker.Membership;

namespace SeqMnistSweep.Head.Tests.Membership;

/// <summary>Silos that find each other through the head's table.</summary>
public sealed class HeadClusterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-cluster-");
    private readonly int _httpPort = LocalPort.Free();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_worker_joins_once_the_head_is_there_and_lives_on_while_the_head_is_away()
    {
        var starting = StartWorkerAsync();
        await using (var head = await StartHeadAsync(LocalPort.Free()))
        {
            await starting;
            await UntilAsync(head.Services, view => Active(view) == 2);
        }

        await using var worker = await starting;
        await using var next = await StartHeadAsync(LocalPort.Free());
        await UntilAsync(next.Services, view => Active(view) == 2);
        await UntilAsync(worker.Services, view => Active(view) == 2);
        await worker.StopAsync();
        await UntilAsync(next.Services, view => Active(view) == 1);
    }

    [Fact]
    public async Task A_head_that_starts_among_the_rows_of_the_dead_does_not_wait_for_them()
    {
        using (var store = await HeadStore.OpenAsync(Path.Combine(_folder.FullName, "sweeps.db"), TimeProvider.System))
        using (var members = new Results.Membership.MembershipStore(store.Writer, store.Reader.Path, TimeProvider.System))
        {
            var table = new HeadMembershipTable(members, null!, SiloAddress.Zero, TimeProvider.System);
            for (var i = 0; i < 5; i++)
            {
                var silo = SiloAddress.New(IPAddress.Loopback, LocalPort.Free(), 1);
                var entry = new MembershipEntry { SiloAddress = silo, Status = SiloStatus.Active, SiloName = "w", HostName = "box", StartTime = TimeProvider.System.GetUtcNow().UtcDateTime };
                Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(default)).Version.Next(), default));
            }
        }

        // Orleans alone takes the quarter of a minute after which rows without a sign of life are stale.
        await using var head = await StartHeadAsync(LocalPort.Free()).WaitAsync(TimeSpan.FromSeconds(12));

        var left = await head.Services.GetRequiredService<IMembershipTable>().ReadAllAsync(default);
        Assert.Equal(5, left.Members.Count(member => member.Item1.Status == SiloStatus.Dead));
        Assert.Equal(SiloStatus.Active, Assert.Single(left.Members, member => member.Item1.Status != SiloStatus.Dead).Item1.Status);
    }

    private async Task<WebApplication> StartHeadAsync(int siloPort)
    {
        var store = await HeadStore.OpenAsync(Path.Combine(_folder.FullName, "sweeps.db"), TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_httpPort}");
        // Disposed with the host, after everything that uses it.
        builder.Services.AddSingleton(_ => store);
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.Host.UseOrleans(silo => Configure(silo, siloPort).UseHeadMembership(store));
        var app = builder.Build();
        app.Services.GetRequiredService<HeadStore>();
        app.MapMembership();
        await app.StartAsync();
        return app;
    }

    private async Task<WorkerHost> StartWorkerAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => Configure(silo, LocalPort.Free()).UseHeadMembership(new Uri($"http://127.0.0.1:{_httpPort}")));
        var host = builder.Build();
        await host.StartAsync();
        return new WorkerHost(host);
    }

    private static ISiloBuilder Configure(ISiloBuilder silo, int port)
    {
        silo.ConfigureEndpoints(IPAddress.Loopback, port, gatewayPort: 0);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("test", "seqsweep"));
        silo.Configure<ClusterMembershipOptions>(ClusterTimes.Apply);
        return silo;
    }

    private static int Active(ClusterMembershipSnapshot view) => view.Members.Values.Count(member => member.Status == SiloStatus.Active);

    private static async Task UntilAsync(IServiceProvider silo, Func<ClusterMembershipSnapshot, bool> holds)
    {
        var members = silo.GetRequiredService<IClusterMembershipService>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await foreach (var view in members.MembershipUpdates.WithCancellation(patience.Token))
            {
                if (holds(view))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"after a minute the view is {string.Join(", ", members.CurrentSnapshot.Members.Values)}");
        }
    }

    private sealed class WorkerHost(IHost host) : IAsyncDisposable
    {
        public IServiceProvider Services => host.Services;

        public Task StopAsync() => host.StopAsync();

        public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();
    }
}
