using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Storage;

/// <summary>Counts commits, of all sweeps and of each, so that a reader knows whether what it holds is current; wakes readers that wait for
/// news.</summary>
public sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<SweepId, long> _sweeps = new();
    private long _version;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Grows with every commit since the head started, including those of workers only.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The version of the sweep's last change; 0 without one since the head started.</summary>
    public long Of(SweepId sweep) => _sweeps.GetValueOrDefault(sweep);

    /// <summary>The sweeps that changed after a version.</summary>
    public IReadOnlyList<SweepId> ChangedAfter(long version) =>
        [.. _sweeps.Where(sweep => sweep.Value > version).Select(sweep => sweep.Key)];

    /// <summary>A batch of the sweep's changes is on the disk.</summary>
    public void Note(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        _sweeps[sweep] = Interlocked.Increment(ref _version);
        Wake();
    }

    /// <summary>A worker came, left or drains.</summary>
    public void NoteFleet()
    {
        Interlocked.Increment(ref _version);
        Wake();
    }

    /// <summary>Completes at the first commit after version <paramref name="seen"/>, at once when there was one already.</summary>
    public Task After(long seen)
    {
        var next = Volatile.Read(ref _next).Task;
        return Version > seen ? Task.CompletedTask : next;
    }

    private void Wake() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
