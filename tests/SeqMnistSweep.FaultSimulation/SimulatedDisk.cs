using System.Collections.Immutable;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>The head's disk: one write after the other, each after a while; slow, full or failing at times.</summary>
internal sealed class SimulatedDisk(ISimulatedStore store, Promises promises, RunTally tally, SimulatedTime time, Chance chance, PlantedFault planted) : IDisposable
{
    private readonly Queue<(SweepId Sweep, ImmutableArray<SweepChange> Changes)> _underWay = [];
    private long _freeAt;

    public long FullUntil { get; set; }

    public long SlowUntil { get; set; }

    public long FailsUntil { get; set; }

    public int Commits { get; private set; }

    public ISimulatedStore Store => store;

    /// <param name="head">Who waits: a write that it did not live to see may be there or not.</param>
    public Task<WriteOutcome> WriteAsync(SimulatedProcess head, SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        _underWay.Enqueue((sweep, changes));
        _freeAt = Math.Max(_freeAt, time.Now) + (SlowUntil > time.Now ? chance.Between(100, 4000) : chance.Percent(70) ? 0 : chance.Between(1, 20));
        var done = new TaskCompletionSource<WriteOutcome>();
        head.After(_freeAt - time.Now, () => Finish(done));
        return planted == PlantedFault.AcknowledgeBeforeCommit ? Task.FromResult(WriteOutcome.Applied) : done.Task;
    }

    /// <summary>Power is gone for who wrote: of the writes under way the first ones may have reached the disk.</summary>
    public void Crash()
    {
        while (_underWay.TryDequeue(out var write) && chance.Percent(50))
        {
            if (FullUntil <= time.Now)
            {
                Apply(write.Sweep, write.Changes, isFull: false);
            }
        }

        _underWay.Clear();
        _freeAt = 0;
    }

    public void Dispose() => store.Dispose();

    private void Finish(TaskCompletionSource<WriteOutcome> done)
    {
        var (sweep, changes) = _underWay.Dequeue();
        WriteOutcome outcome;
        try
        {
            outcome = Apply(sweep, changes, FullUntil > time.Now);
        }
        catch (DatabaseException error)
        {
            done.SetException(error);
            return;
        }

        if (FailsUntil > time.Now && chance.Percent(50))
        {
            done.SetException(new DatabaseException("the disk says that it failed", null));
            return;
        }

        done.SetResult(outcome);
    }

    private WriteOutcome Apply(SweepId sweep, ImmutableArray<SweepChange> changes, bool isFull)
    {
        var outcome = store.Apply(sweep, changes, isFull);
        if (outcome == WriteOutcome.Applied)
        {
            Commits++;
            promises.Committed(sweep, changes);
            tally.Committed(sweep, changes);
        }

        return outcome;
    }
}
