using System.Runtime.InteropServices;

namespace SeqMnistSweep.Worker.Core;

/// <summary>Events that the head has not acknowledged yet, numbered from 1 as they happened. Sent again and again until then.</summary>
internal class Outbox
{
    /// <summary>Events in one exchange: after hours without the head all together would be more than one message may hold.</summary>
    public const int MaxEvents = 5000;

    /// <summary>Bytes of events in one exchange, roughly; a message may hold some more.</summary>
    public const int MaxBytes = 3 << 20;

    private readonly Queue<(NumberedEvent Event, Lease? Ended)> _events = [];
    private readonly Dictionary<(TrialId Trial, long Lease), int> _count = [];
    private long _last;

    public bool IsEmpty => _events.Count == 0;

    /// <param name="ended">The lease whose last event this is; null for every other event.</param>
    public void Add(TrialId trial, long lease, AttemptEvent happened, Lease? ended = null)
    {
        _events.Enqueue((new NumberedEvent(++_last, trial, lease, happened), ended));
        CollectionsMarshal.GetValueRefOrAddDefault(_count, (trial, lease), out _)++;
    }

    /// <summary>The oldest, at most <see cref="MaxEvents"/> and about <see cref="MaxBytes"/>, but one where there is one.</summary>
    /// <param name="later">Leases that have more to report than fits.</param>
    public virtual ImmutableArray<NumberedEvent> Pending(out IReadOnlyCollection<(TrialId Trial, long Lease)> later)
    {
        var now = ImmutableArray.CreateBuilder<NumberedEvent>(Math.Min(_events.Count, MaxEvents));
        var bytes = 0;
        foreach (var (happened, _) in _events)
        {
            if (now.Count == MaxEvents || bytes > MaxBytes) break;

            now.Add(happened);
            bytes += BytesOf(happened.Event);
        }

        later = now.Count == _events.Count ? [] : Unsent(now);
        return now.DrainToImmutable();
    }

    /// <summary>Forgets the events up to <paramref name="sequence"/>, but for those of the sweeps <paramref name="except"/>.</summary>
    /// <param name="over">Gets the leases whose last event was among them.</param>
    /// <returns>How many events.</returns>
    public int Acknowledge(long sequence, ImmutableArray<SweepId> except = default, ICollection<Lease>? over = null)
    {
        var acknowledged = 0;
        List<(NumberedEvent Event, Lease? Ended)> kept = [];
        while (_events.TryPeek(out var first) && first.Event.Sequence <= sequence)
        {
            _events.Dequeue();
            var (happened, ended) = first;
            if (!except.IsDefaultOrEmpty && except.Contains(happened.Trial.Sweep))
            {
                kept.Add(first);
                continue;
            }

            acknowledged++;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_count, (happened.Trial, happened.Lease)) == 0)
            {
                _count.Remove((happened.Trial, happened.Lease));
            }

            if (ended is not null)
            {
                over?.Add(ended);
            }
        }

        if (kept.Count > 0)
        {
            // In front, where they were.
            kept.AddRange(_events);
            _events.Clear();
            kept.ForEach(_events.Enqueue);
        }

        return acknowledged;
    }

    private List<(TrialId Trial, long Lease)> Unsent(IEnumerable<NumberedEvent> sent)
    {
        var now = sent.CountBy(happened => (happened.Trial, happened.Lease)).ToDictionary();
        return [.. _count.Where(all => all.Value > now.GetValueOrDefault(all.Key)).Select(all => all.Key)];
    }

    /// <summary>Never less than what the event takes in a message, ids included.</summary>
    private static int BytesOf(AttemptEvent happened) => 250 + happened switch
    {
        AttemptEvent.Reported(var report, _) => report.Metrics.Sum(metric => (3 * metric.Key.Length) + 24),
        AttemptEvent.Described(var facts) => facts.Sum(fact => (3 * (fact.Key.Length + fact.Value.Length)) + 16),
        AttemptEvent.Failed(_, var text) => 3 * text.Length,
        AttemptEvent.Killed(var text) => 3 * text.Length,
        AttemptEvent.CheckpointLost(_, var text) => 3 * text.Length,
        _ => 0,
    };
}
