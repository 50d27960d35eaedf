using Microsoft.Extensions.Logging;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Workers;

/// <summary>The workers' rows in the database, and the way to the workers themselves.</summary>
internal interface IFleetLink
{
    /// <summary>Completes when the row is durable.</summary>
    /// <exception cref="DatabaseException">It cannot be stored.</exception>
    Task WriteAsync(WorkerSeen row);

    /// <summary>Has the worker exchange now. A hint only; who does not hear it exchanges within a second.</summary>
    void Poke(FleetWorker worker);

    /// <summary>The worker has lost its leases.</summary>
    void Lost(string worker);
}

/// <summary>The <see cref="Fleet"/> with its rows. A row that cannot be written now is written later; only who asked for a change waits for
/// it.</summary>
internal sealed partial class FleetRegistry(Fleet fleet, IFleetLink link, ILogger<FleetRegistry> logger)
{
    public IReadOnlyCollection<FleetWorker> Workers => fleet.Workers;

    public FleetWorker? Find(string name) => fleet.Find(name);

    public bool HasOthers(string name) => fleet.HasOthers(name);

    public void Remember(FleetWorker worker) => fleet.Remember(worker);

    public void Crash(string incarnation) => fleet.Crash(incarnation);

    /// <summary>An exchange has come in.</summary>
    public Task HearAsync(ExchangeRequest request, TimeSpan now, DateTimeOffset wall)
    {
        if (fleet.Hear(request, now, wall))
        {
            LogJoined(request.Holder.Worker, request.Holder.Device, request.Slots);
        }

        return StoreAsync(request.Holder.Worker);
    }

    /// <summary>Who has been silent for too long is lost.</summary>
    /// <param name="wasFrozen">The head itself was: nobody is late.</param>
    public async Task CheckAsync(TimeSpan now, bool wasFrozen)
    {
        if (wasFrozen)
        {
            fleet.Forgive(now);
        }

        fleet.Check(now);
        foreach (var worker in fleet.Workers.ToList())
        {
            await StoreAsync(worker.Name);
        }
    }

    /// <summary>Sets or takes back an order to drain; durable when it returns.</summary>
    /// <exception cref="SweepRefusedException">There is no such worker.</exception>
    /// <exception cref="DatabaseException">It cannot be stored, and nothing has changed.</exception>
    public async Task DrainAsync(string name, SweepAction? order)
    {
        var before = fleet.Require(name).Drain;
        var row = fleet.Drain(name, order).ToRow();
        try
        {
            await link.WriteAsync(row);
        }
        catch
        {
            fleet.Drain(name, before);
            fleet.NotStored(name);
            throw;
        }

        fleet.Stored(row);
        Poke();
    }

    /// <summary>There is something to do: has every worker exchange now.</summary>
    public void Poke()
    {
        foreach (var worker in fleet.Workers.Where(worker => worker.IsThere && worker.IsHeard))
        {
            link.Poke(worker);
        }
    }

    /// <summary>These workers have lost leases: there is work for whoever has a slot.</summary>
    public void Lost(IEnumerable<string> workers)
    {
        foreach (var worker in workers)
        {
            link.Lost(worker);
        }

        Poke();
    }

    private async Task StoreAsync(string name)
    {
        if (fleet.Unstored(name) is not { } row) return;

        fleet.Stored(row);
        try
        {
            await link.WriteAsync(row);
        }
        catch (DatabaseException error)
        {
            fleet.NotStored(name);
            LogWorkerNotStored(error, name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Worker} joined: {Device}, slots: {Slots}.")]
    private partial void LogJoined(string worker, string device, int slots);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is known of worker {Worker} could not be stored.")]
    private partial void LogWorkerNotStored(Exception error, string worker);
}
