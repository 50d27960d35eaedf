namespace SeqMnistSweep.Worker.Core;

/// <summary>Which attempt is in which slot, and which ones wait for one.</summary>
/// <param name="count">Slots; all are free.</param>
internal sealed class SlotTable(int count)
{
    private readonly Lease?[] _holders = new Lease?[count];
    private readonly List<int> _free = [.. Enumerable.Range(0, count).Reverse()];     // the next one last
    private readonly Queue<Lease> _waiting = [];
    private readonly Queue<Lease> _waitingAlone = [];

    public int Free => _free.Count;

    public IReadOnlyList<int> FreeSlots => _free;

    /// <summary>Those that wait for any slot, without those that wait for the whole worker.</summary>
    public int Waiting => _waiting.Count;

    public IEnumerable<Lease> Holders => _holders.OfType<Lease>();

    /// <summary>The one that has waited longest for any slot.</summary>
    public Lease? Oldest => _waiting.TryPeek(out var oldest) ? oldest : null;

    /// <summary>Whether an attempt has the worker to itself, or waits for that: nothing else begins meanwhile.</summary>
    public bool WantsAlone => _waitingAlone.Any(lease => !lease.HasLeft) || _holders.Any(holder => holder?.Grant.Alone == true);

    /// <summary>Puts an attempt into a free slot, or lets it wait for one.</summary>
    /// <param name="preferred">A free slot that it gets if it gets one; null for the next.</param>
    /// <returns>Whether it has a slot.</returns>
    public bool Enter(Lease lease, int? preferred = null)
    {
        var hasRoom = !WantsAlone && (!lease.Grant.Alone || _free.Count == count);
        if (!hasRoom || _free.Count == 0)
        {
            (lease.Grant.Alone ? _waitingAlone : _waiting).Enqueue(lease);
            return false;
        }

        var slot = preferred ?? _free[^1];
        _free.RemoveAt(_free.LastIndexOf(slot));
        _holders[slot] = lease;
        lease.Slot = slot;
        return true;
    }

    /// <summary>Frees the slot of an attempt.</summary>
    /// <returns>The attempt that has the slot now; null when none may begin.</returns>
    public Lease? Leave(Lease lease)
    {
        var slot = lease.Slot!.Value;
        lease.Slot = null;
        _holders[slot] = null;
        var next = !WantsAlone ? First(_waiting) : _holders.All(holder => holder is null) ? First(_waitingAlone) : null;
        if (next is null)
        {
            _free.Add(slot);
            return null;
        }

        _holders[slot] = next;
        next.Slot = slot;
        return next;
    }

    /// <summary>Removes those that wait for a slot.</summary>
    /// <param name="alone">Also those that wait for the whole worker, which may take long.</param>
    public List<Lease> TakeWaiting(bool alone)
    {
        List<Lease> waiting = [.. _waiting.Concat(alone ? _waitingAlone : []).Where(lease => !lease.HasLeft)];
        _waiting.Clear();
        if (alone)
        {
            _waitingAlone.Clear();
        }

        return waiting;
    }

    private static Lease? First(Queue<Lease> waiting)
    {
        while (waiting.TryDequeue(out var lease))
        {
            if (!lease.HasLeft) return lease;
        }

        return null;
    }
}
