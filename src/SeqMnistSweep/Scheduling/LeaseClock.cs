using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>
/// When leases run out, on the head's monotonic clock. A lease lives for <see cref="TimeToLive"/> after its holder was last heard.
/// When the clock itself was not looked at for too long the head was frozen, not its workers: every lease is renewed once.
/// </summary>
public sealed class LeaseClock(TimeSpan timeToLive, TimeSpan checkEvery)
{
    /// <summary>How late a check may be before it says that the head was frozen.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    private readonly Dictionary<TrialId, HeldLease> _leases = [];
    private readonly Dictionary<string, HashSet<TrialId>> _byWorker = [];
    private readonly HashSet<string> _dead = [];
    private readonly Dictionary<string, string> _incarnations = [];
    private readonly HashSet<(string Worker, string Incarnation)> _past = [];
    private TimeSpan? _lastCheck;

    public TimeSpan TimeToLive => timeToLive;

    /// <summary>Whether the last <see cref="Check"/> came so late that the head must have been frozen.</summary>
    public bool WasFrozen { get; private set; }

    public IReadOnlyCollection<HeldLease> Leases => _leases.Values;

    /// <summary>How long a lease of that holder lives after it was last heard: who asks says it, a worker has <see cref="TimeToLive"/>.</summary>
    public TimeSpan LifeOf(string incarnation) => Asker.LifeOf(incarnation) ?? timeToLive;

    /// <summary>The holder of this one lease was heard.</summary>
    /// <returns>False when the book has no such lease.</returns>
    public bool Renew(TrialId trial, long lease, TimeSpan now)
    {
        if (!_leases.TryGetValue(trial, out var held) || held.Lease != lease)
        {
            return false;
        }

        _leases[trial] = held with { Until = now + LifeOf(held.Incarnation), Inherited = false };
        return true;
    }

    /// <param name="inherited">Granted before this head started.</param>
    public void Hold(TrialId trial, long lease, string worker, string incarnation, TimeSpan now, bool inherited = false) =>
        Hold(new HeldLease(trial, lease, worker, incarnation, now + LifeOf(incarnation), inherited, now));

    /// <summary>Takes back what <see cref="Check"/> or <see cref="Heard"/> gave out, when its sweep could not be told.</summary>
    public void Hold(HeldLease held)
    {
        // Answers may overtake each other: an older lease never stands in for a newer.
        if (!_leases.TryGetValue(held.Trial, out var known) || known.Lease < held.Lease)
        {
            // A process that has ended will not be heard: what it holds is over at the next check.
            Put(_dead.Contains(held.Incarnation) ? held with { Until = TimeSpan.MinValue } : held);
        }
    }

    /// <summary>The leases of one worker, of whatever start of it.</summary>
    public IEnumerable<HeldLease> At(string worker) => _byWorker.TryGetValue(worker, out var trials) ? trials.Select(trial => _leases[trial]) : [];

    /// <summary>The process of that incarnation is known to have ended: its leases are over at once and returned, and it gets no new one.</summary>
    public IReadOnlyList<HeldLease> Bury(string incarnation)
    {
        if (!_dead.Add(incarnation))
        {
            return [];
        }

        var over = _leases.Values.Where(held => held.Incarnation == incarnation).ToList();
        over.ForEach(Remove);
        return over;
    }

    /// <summary>
    /// Brings the book in line with what a sweep says is live. Of the leases that were in the book before it was asked
    /// (<paramref name="known"/>), those that it no longer names have ended; one that it names and the book lacks was granted and the answer lost.
    /// </summary>
    public void Align(IEnumerable<HeldLease> known, IReadOnlyCollection<HeldLease> live)
    {
        var named = live.Select(lease => (lease.Trial, lease.Lease)).ToHashSet();
        foreach (var held in known.Where(held => !named.Contains((held.Trial, held.Lease))))
        {
            Release(held.Trial, held.Lease);
        }

        foreach (var held in live)
        {
            Hold(held);
        }
    }

    public void Release(TrialId trial, long lease)
    {
        if (_leases.TryGetValue(trial, out var held) && held.Lease == lease)
        {
            Remove(held);
        }
    }

    /// <summary>Whether that start of the worker has ended, or a later one has been heard: what it says is an echo, and it gets no new lease.</summary>
    public bool IsPast(string worker, string incarnation) => _dead.Contains(incarnation) || _past.Contains((worker, incarnation));

    /// <summary>The worker was heard: its leases live on. Those of an earlier start of the same worker are over at once and returned.</summary>
    public IReadOnlyList<HeldLease> Heard(string worker, string incarnation, TimeSpan now)
    {
        if (IsPast(worker, incarnation))
        {
            return [];
        }

        if (_incarnations.TryGetValue(worker, out var before) && before != incarnation)
        {
            _past.Add((worker, before));
        }

        _incarnations[worker] = incarnation;
        List<HeldLease>? over = null;
        foreach (var held in At(worker).ToList())
        {
            if (held.Incarnation == incarnation)
            {
                // It has outlived the head that granted it: from now on its end is its worker's.
                _leases[held.Trial] = held with { Until = now + timeToLive, Inherited = false };
            }
            else
            {
                Remove(held);
                (over ??= []).Add(held);
            }
        }

        return over ?? (IReadOnlyList<HeldLease>)[];
    }

    /// <summary>Takes out and returns the leases that have run out. To be called every <c>checkEvery</c>.</summary>
    public IReadOnlyList<HeldLease> Check(TimeSpan now)
    {
        WasFrozen = _lastCheck is { } last && now - last > checkEvery + Lateness;
        _lastCheck = now;
        if (WasFrozen)
        {
            foreach (var held in _leases.Values.Where(held => !_dead.Contains(held.Incarnation)).ToList())
            {
                _leases[held.Trial] = held with { Until = now + LifeOf(held.Incarnation) };
            }

            return [];
        }

        var over = _leases.Values.Where(held => held.Until <= now).ToList();
        over.ForEach(Remove);
        return over;
    }

    private void Put(HeldLease held)
    {
        if (_leases.TryGetValue(held.Trial, out var before) && before.Worker != held.Worker)
        {
            Remove(before);
        }

        _leases[held.Trial] = held;
        if (!_byWorker.TryGetValue(held.Worker, out var trials))
        {
            _byWorker[held.Worker] = trials = [];
        }

        trials.Add(held.Trial);
    }

    private void Remove(HeldLease held)
    {
        _leases.Remove(held.Trial);
        if (_byWorker.TryGetValue(held.Worker, out var trials))
        {
            trials.Remove(held.Trial);
        }
    }
}

/// <param name="Inherited">Granted by an earlier head, and its holder not heard since: it may have died with that head, which is nobody's fault.</param>
/// <param name="Since">When the book took it in.</param>
public sealed record HeldLease(TrialId Trial, long Lease, string Worker, string Incarnation, TimeSpan Until, bool Inherited = false, TimeSpan Since = default)
{
    public LeaseLoss Loss => Inherited ? LeaseLoss.HeadRestarted : LeaseLoss.WorkerLost;
}
