using System.Collections.Concurrent;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Storage;

/// <summary>Counts what was committed, of all sweeps and of each: tells whether what somebody holds is still true, and wakes who waits for news.</summary>
public sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<SweepId, long> _sweeps = new();
    private long _version;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Grows with every commit since this start of the head, also those that concern workers only.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The version that the sweep was changed in last; 0 for one that was not since the head started.</summary>
    public long Of(SweepId sweep) => _sweeps.GetValueOrDefault(sweep);

    /// <summary>Which sweeps were changed after a version.</summary>
    public IReadOnlyList<SweepId> ChangedAfter(long version) => [.. _sweeps.Where(sweep => sweep.Value > version).Select(sweep => sweep.Key)];

    /// <summary>A batch of the sweep's is on the disk.</summary>
    public void Note(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        _sweeps[sweep] = Interlocked.Increment(ref _version);
        Wake();
    }

    /// <summary>Something that belongs to no sweep: a worker came, went or drains.</summary>
    public void NoteFleet()
    {
        Interlocked.Increment(ref _version);
        Wake();
    }

    /// <summary>Completes when there is news after <paramref name="seen"/>, at once where there is already.</summary>
    public Task After(long seen)
    {
        var next = Volatile.Read(ref _next).Task;
        return Version > seen ? Task.CompletedTask : next;
    }

    private void Wake() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
