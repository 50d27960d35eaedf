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
    private TimeSpan? _lastCheck;

    public TimeSpan TimeToLive => timeToLive;

    public IReadOnlyCollection<HeldLease> Leases => _leases.Values;

    public void Hold(TrialId trial, long lease, string worker, string incarnation, TimeSpan now) =>
        _leases[trial] = new HeldLease(trial, lease, worker, incarnation, now + timeToLive);

    public void Release(TrialId trial, long lease)
    {
        if (_leases.TryGetValue(trial, out var held) && held.Lease == lease)
        {
            _leases.Remove(trial);
        }
    }

    /// <summary>The worker was heard: its leases live on. Those of an earlier start of the same worker are over at once and returned.</summary>
    public IReadOnlyList<HeldLease> Heard(string worker, string incarnation, TimeSpan now)
    {
        List<HeldLease>? over = null;
        foreach (var held in _leases.Values.Where(held => held.Worker == worker).ToList())
        {
            if (held.Incarnation == incarnation)
            {
                _leases[held.Trial] = held with { Until = now + timeToLive };
            }
            else
            {
                _leases.Remove(held.Trial);
                (over ??= []).Add(held);
            }
        }

        return over ?? (IReadOnlyList<HeldLease>)[];
    }

    /// <summary>Takes out and returns the leases that have run out. To be called every <c>checkEvery</c>.</summary>
    public IReadOnlyList<HeldLease> Check(TimeSpan now)
    {
        var frozen = _lastCheck is { } last && now - last > checkEvery + Lateness;
        _lastCheck = now;
        if (frozen)
        {
            foreach (var held in _leases.Values.ToList())
            {
                _leases[held.Trial] = held with { Until = now + timeToLive };
            }

            return [];
        }

        var over = _leases.Values.Where(held => held.Until <= now).ToList();
        foreach (var held in over)
        {
            _leases.Remove(held.Trial);
        }

        return over;
    }
}

public sealed record HeldLease(TrialId Trial, long Lease, string Worker, string Incarnation, TimeSpan Until);
