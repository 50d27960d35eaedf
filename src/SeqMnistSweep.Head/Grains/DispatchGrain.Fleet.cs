using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Results;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <content>The workers: what clients ask of them, and who is lost.</content>
internal sealed partial class DispatchGrain
{
    public Task<ImmutableArray<WorkerInfo>> GetWorkers() => Task.FromResult<ImmutableArray<WorkerInfo>>([.. _dispatcher.Fleet.Workers.Select(worker => worker.ToInfo())]);

    public async Task Drain(string worker, SweepAction action)
    {
        await OrderAsync(worker, action);
        LogDrained(worker, action.By, action.Reason);
    }

    public async Task Undrain(string worker, SweepAction action)
    {
        await OrderAsync(worker, null);
        _health.Clear(worker);
        LogUndrained(worker, action.By, action.Reason);
    }

    public Task Changed(SweepNotice notice)
    {
        if (!notice.State.IsFinal())
        {
            _dispatcher.Open(notice.Sweep, notice.Priority, notice.Created, notice.Weight);
        }

        _dispatcher.Answered(notice.Sweep, notice.State);
        PokeWorkers();
        return Task.CompletedTask;
    }

    public async Task<string?> WhyWaits(SweepId sweep)
    {
        var standing = await Schedule(sweep).GetStanding();
        var paused = standing.State == SweepState.Paused && store.Reader.LastMove(sweep, SweepState.Paused) is { } move ? $"by {move.Actor}: {move.Reason}" : null;
        return WaitReasons.Of(standing, paused, await GetWorkers(), store.Trouble, _dispatcher.Ahead(sweep));
    }

    public async Task<LogChunk> ReadLog(TrialId trial, long offset)
    {
        var row = store.Reader.Trial(trial) ?? throw new SweepRefusedException($"there is no trial '{trial}'");
        if (row.Worker is not { } name)
        {
            throw new SweepRefusedException($"trial {trial} has not started: there is no log yet");
        }

        var there = $"its log lies on the machine of worker {name}, in the folder that it was started in: .seqsweep/logs/{trial.Sweep}/{trial.Number}.log";
        if (_dispatcher.Fleet.Find(name) is not { IsThere: true, IsHeard: true } worker)
        {
            throw new SweepRefusedException($"worker {name}, which ran trial {trial}, is not there now; {there}");
        }

        try
        {
            return await GrainFactory.GetGrain<IWorkerGrain>($"{name}|{worker.Incarnation}").ReadLog(trial, offset);
        }
        // Orleans says in many ways that a silo cannot be reached.
        catch (Exception error) when (error is not SweepRefusedException)
        {
            throw new SweepRefusedException($"worker {name}, which ran trial {trial}, does not answer ({CallFailure.Line(error)}); {there}");
        }
    }

    private async Task OrderAsync(string name, SweepAction? order)
    {
        var before = _dispatcher.Fleet.Require(name).Drain;
        _dispatcher.Fleet.Drain(name, order);
        var row = _dispatcher.Fleet.Require(name).ToRow();
        try
        {
            await store.Writer.WriteAsync(row);
            store.Changes.NoteFleet();
        }
        catch
        {
            _dispatcher.Fleet.Drain(name, before);
            _dispatcher.Fleet.NotStored(name);
            throw;
        }

        _dispatcher.Fleet.Stored(row);
        PokeWorkers();
    }

    /// <summary>A row that cannot be written now is written later; nobody waits for it but those who asked for a change.</summary>
    public async Task StoreWorker(string name)
    {
        if (_dispatcher.Fleet.Unstored(name) is not { } row)
        {
            return;
        }

        _dispatcher.Fleet.Stored(row);
        try
        {
            await store.Writer.WriteAsync(row);
        }
        catch (DatabaseException error)
        {
            _dispatcher.Fleet.NotStored(name);
            LogWorkerNotStored(error, name);
        }
    }

    /// <summary>
    /// The fast word of a worker's death: its silo is no longer in the cluster, so its trials need not wait for their leases to run out.
    /// A hint only; a silo that is declared dead wrongly is fenced like any other that comes back late.
    /// </summary>
    private async Task WatchMembership(CancellationToken cancellation)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellation))
        {
            var incarnations = _dispatcher.Fleet.Workers.Select(worker => worker.Incarnation).Union(_dispatcher.Leases.Leases.Select(lease => lease.Incarnation)).ToList();
            foreach (var incarnation in incarnations.Where(incarnation => IsDead(snapshot, incarnation)))
            {
                await _dispatcher.BuryAsync(incarnation);
            }
        }
    }

    private static bool IsDead(ClusterMembershipSnapshot snapshot, string incarnation)
    {
        try
        {
            return snapshot.GetSiloStatus(SiloAddress.FromParsableString(incarnation)) == SiloStatus.Dead;
        }
        // A name that is no silo's address: how it fails to parse is Orleans' affair.
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>There is something to do: have the workers ask now. A hint only; who does not hear it asks within a second.</summary>
    private void PokeWorkers()
    {
        foreach (var worker in _dispatcher.Fleet.Workers.Where(worker => worker.IsThere && worker.IsHeard))
        {
            try
            {
                GrainFactory.GetGrain<IWorkerGrain>($"{worker.Name}|{worker.Incarnation}").Poke().Ignore();
            }
            catch (ArgumentException)
            {
                // Orleans knows no class for the interface while no worker is there.
            }
        }
    }
}
