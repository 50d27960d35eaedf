namespace SeqMnistSweep.Head.Sweeps;

/// <summary>Who may hold leases. The leases themselves are in the sweeps' schedules and nowhere else: a lease lives as long as its holder,
/// and each sweep asks here, in its own turn, whether the holders of its trials live. A holder is one start of a worker, or one client of
/// ask and tell; it lives for its lease time after it was last heard. When the clock was not checked for too long the head was frozen, not
/// its workers: every holder is given its lease time once more. A holder that is not known was granted by an earlier head and gets one
/// lease time from now. Any thread may call; times are the head's monotonic clock.</summary>
internal sealed class LeaseClock(TimeSpan timeToLive, TimeSpan checkEvery)
{
    /// <summary>How late a check may be before it says that the head was frozen.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Holder> _holders = [];          // by incarnation
    private readonly Dictionary<string, string> _newest = [];           // the incarnation of each worker that was heard last
    private readonly HashSet<string> _past = [];                        // incarnations that have ended, or were replaced by a later one
    private TimeSpan? _lastCheck;
    private int _round;

    /// <summary>Whether the last <see cref="Check"/> came so late that the head must have been frozen.</summary>
    public bool WasFrozen { get; private set; }

    /// <summary>The incarnations of all holders.</summary>
    public IReadOnlyList<string> Holders
    {
        get
        {
            lock (_lock)
            {
                return [.. _holders.Keys];
            }
        }
    }

    /// <summary>How long a holder lives after it was last heard.</summary>
    /// <param name="own">What an external client chose; null for a worker, which has the head's lease time.</param>
    public TimeSpan LifeOf(TimeSpan? own) =>
        own is null ? timeToLive : own < ExternalClient.MaxLeaseLife ? own.Value : ExternalClient.MaxLeaseLife;

    /// <summary>A worker was heard. Its earlier incarnations have ended; a word of one of those changes nothing.</summary>
    /// <returns>Whether this incarnation was heard for the first time.</returns>
    public bool Hear(string worker, string incarnation, TimeSpan now)
    {
        lock (_lock)
        {
            if (_past.Contains(incarnation)) return false;

            var before = _newest.GetValueOrDefault(worker);
            if (before is not null && before != incarnation)
            {
                _past.Add(before);
            }

            _newest[worker] = incarnation;
            Renew(incarnation, null, now);
            return before != incarnation;
        }
    }

    /// <summary>A holder was heard.</summary>
    /// <param name="life">See <see cref="LifeOf"/>.</param>
    public void Renew(string incarnation, TimeSpan? life, TimeSpan now)
    {
        lock (_lock)
        {
            var holder = Find(incarnation, life, now);
            (holder.Until, holder.IsHeard, holder.IsOver) = (now + holder.Life, true, false);
        }
    }

    /// <summary>The process of that incarnation has ended.</summary>
    /// <returns>False when that was known.</returns>
    public bool Expire(string incarnation)
    {
        lock (_lock)
        {
            return _past.Add(incarnation);
        }
    }

    /// <summary>Whether that incarnation has ended, or a later one of the same worker has been heard: what it says is an echo, and it gets
    /// no lease.</summary>
    public bool IsPast(string incarnation)
    {
        lock (_lock)
        {
            return _past.Contains(incarnation);
        }
    }

    /// <summary>A sweep asks in its turn about the holder of one of its leases, or about one that it is to grant to.</summary>
    /// <returns>Why the holder's leases end; null while it lives.</returns>
    public LeaseLoss? LossOf(SweepId sweep, LeaseHolder asked, TimeSpan now)
    {
        lock (_lock)
        {
            var (worker, incarnation) = (asked.Worker, asked.Incarnation);
            var holder = Find(incarnation, asked.LeaseLife, now);
            holder.Sweeps[sweep] = _round;
            return !holder.IsOver && !_past.Contains(incarnation) && _newest.GetValueOrDefault(worker, incarnation) == incarnation ? null
                : holder.IsHeard ? LeaseLoss.WorkerLost : LeaseLoss.HeadRestarted;
        }
    }

    /// <summary>Sweeps that asked about the holder of late: some of them may have leases of it.</summary>
    public IReadOnlyList<SweepId> SweepsOf(string incarnation)
    {
        lock (_lock)
        {
            return _holders.TryGetValue(incarnation, out var holder) ? [.. holder.Sweeps.Keys] : [];
        }
    }

    /// <summary>Notes whose time is over. To be called every <c>checkEvery</c>, before the sweeps are asked for their ticks.</summary>
    public void Check(TimeSpan now)
    {
        lock (_lock)
        {
            WasFrozen = _lastCheck is { } last && now - last > checkEvery + Lateness;
            _lastCheck = now;
            _round++;
            foreach (var (incarnation, holder) in _holders)
            {
                if (WasFrozen)
                {
                    holder.Until = now + holder.Life;
                }

                holder.IsOver |= holder.Until <= now;
                foreach (var (sweep, asked) in holder.Sweeps)
                {
                    if (asked < _round - 1)
                    {
                        holder.Sweeps.Remove(sweep);
                    }
                }

                // No lease is left that could ask for it.
                if (holder.IsOver && holder.Sweeps.Count == 0)
                {
                    _holders.Remove(incarnation);
                }
            }
        }
    }

    private Holder Find(string incarnation, TimeSpan? life, TimeSpan now)
    {
        if (!_holders.TryGetValue(incarnation, out var holder))
        {
            _holders[incarnation] = holder = new Holder { Life = LifeOf(life), Until = now + LifeOf(life) };
        }

        return holder;
    }

    private sealed class Holder
    {
        /// <summary>How long it lives after it was last heard.</summary>
        public required TimeSpan Life { get; init; }

        public required TimeSpan Until { get; set; }

        /// <summary>By this head. One that was not may have gone down with an earlier head, which is nobody's fault.</summary>
        public bool IsHeard { get; set; }

        public bool IsOver { get; set; }

        /// <summary>Sweeps that asked about it, with the number of the check after which they did so last.</summary>
        public Dictionary<SweepId, int> Sweeps { get; } = [];
    }
}
