using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Workers;

/// <summary>Workers in the head's database and in the cluster.</summary>
internal sealed class FleetLink(HeadStore store, IGrainFactory grains) : IFleetLink
{
    public async Task WriteAsync(WorkerSeen row)
    {
        await store.Writer.WriteAsync(row);
        store.Changes.NoteFleet();
    }

    public void Poke(FleetWorker worker)
    {
        try
        {
            GrainOf(worker).Poke().Ignore();
        }
        catch (ArgumentException)
        {
            // Orleans knows no class for the interface while no worker is there.
        }
    }

    public void Lost(string worker) => store.Telemetry.Lost(worker);

    public IWorkerGrain GrainOf(FleetWorker worker) => grains.GetGrain<IWorkerGrain>($"{worker.Name}|{worker.Incarnation}");
}
