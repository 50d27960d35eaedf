using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>A head within this process, for one command on a database that nobody else has: it changes sweeps and runs none.</summary>
internal sealed class LocalLink : IHeadLink
{
    /// <summary>Nobody is left to renew them.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMilliseconds(500);

    private readonly HeadStore _store;
    private readonly LocalCluster _cluster;

    private LocalLink(HeadStore store, LocalCluster cluster) => (_store, _cluster) = (store, cluster);

    public IHeadGrain Head => _cluster.Grains.GetGrain<IHeadGrain>(0);

    public ISweepGrain Sweep(SweepId sweep) => _cluster.Grains.GetGrain<ISweepGrain>(sweep.Value);

    /// <param name="endsLeases">Whether trials that seem to run are taken back: nobody runs them.</param>
    /// <exception cref="Results.DatabaseException">A head or a run has the database.</exception>
    public static async Task<LocalLink> OpenAsync(string database, bool endsLeases, TimeProvider time)
    {
        var store = await HeadStore.OpenAsync(database, time);
        try
        {
            var folder = Path.GetDirectoryName(database)!;
            var head = new HeadOptions
            {
                CheckpointFolder = Path.Combine(folder, "checkpoints"), TakesUpUnfinished = endsLeases, LeaseTime = LeaseTime,
                FindDatasets = new HeadData(null).DigestsAsync,
            };
            var link = new LocalLink(
                store, await LocalCluster.StartAsync(store, head, null, FileLog.OfRun(folder, time), time));
            if (endsLeases)
            {
                await link.Head.GetWorkers(); // whose first call begins to look at leases
            }

            return link;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAsync();
        await _cluster.DisposeAsync();
        _store.Dispose();
    }
}
