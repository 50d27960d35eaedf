using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Events that the head has not yet acknowledged, numbered from 1 in the order they happened. Sent again and again until then.</summary>
internal sealed class Outbox
{
    /// <summary>Events in one exchange: after hours without the head all of them together would be more than one message may hold.</summary>
    public const int MostAtOnce = 5000;

    /// <summary>Bytes of events in one exchange, roughly; a message may hold some more.</summary>
    public const int MostBytes = 3 << 20;

    private readonly object _gate = new();
    private readonly Queue<NumberedEvent> _events = [];
    private readonly Dictionary<(TrialId Trial, long Lease), int> _count = [];
    private long _last;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _events.Count == 0;
            }
        }
    }

    public void Add(TrialId trial, long lease, AttemptEvent happened)
    {
        lock (_gate)
        {
            _events.Enqueue(new NumberedEvent(++_last, trial, lease, happened));
            CollectionsMarshal.GetValueRefOrAddDefault(_count, (trial, lease), out _)++;
        }
    }

    /// <summary>The oldest, at most <see cref="MostAtOnce"/> and about <see cref="MostBytes"/>, but one at least where there is one.</summary>
    /// <param name="later">Attempts of whom there is more to tell than fits.</param>
    public ImmutableArray<NumberedEvent> Pending(out IReadOnlyCollection<(TrialId Trial, long Lease)> later)
    {
        lock (_gate)
        {
            var now = ImmutableArray.CreateBuilder<NumberedEvent>(Math.Min(_events.Count, MostAtOnce));
            var bytes = 0;
            foreach (var told in _events)
            {
                if (now.Count == MostAtOnce || bytes > MostBytes)
                {
                    break;
                }

                now.Add(told);
                bytes += BytesOf(told.Event);
            }

            later = now.Count == _events.Count ? [] : Unsaid(now);
            return now.DrainToImmutable();
        }
    }

    /// <summary>Forgets the events up to <paramref name="sequence"/>, but for those of the sweeps <paramref name="except"/>.</summary>
    /// <returns>How many.</returns>
    public int Acknowledge(long sequence, ImmutableArray<SweepId> except = default)
    {
        lock (_gate)
        {
            var before = _events.Count;
            List<NumberedEvent> kept = [];
            while (_events.TryPeek(out var first) && first.Sequence <= sequence)
            {
                _events.Dequeue();
                if (!except.IsDefaultOrEmpty && except.Contains(first.Trial.Sweep))
                {
                    kept.Add(first);
                }
                else if (--CollectionsMarshal.GetValueRefOrNullRef(_count, (first.Trial, first.Lease)) == 0)
                {
                    _count.Remove((first.Trial, first.Lease));
                }
            }

            return before - _events.Count - PutBack(kept);
        }
    }

    /// <summary>In front, where they were.</summary>
    private int PutBack(List<NumberedEvent> kept)
    {
        if (kept.Count > 0)
        {
            kept.AddRange(_events);
            var count = kept.Count - _events.Count;
            _events.Clear();
            kept.ForEach(_events.Enqueue);
            return count;
        }

        return 0;
    }

    private List<(TrialId Trial, long Lease)> Unsaid(IEnumerable<NumberedEvent> said)
    {
        var now = said.CountBy(told => (told.Trial, told.Lease)).ToDictionary();
        return [.. _count.Where(all => all.Value > now.GetValueOrDefault(all.Key)).Select(all => all.Key)];
    }

    /// <summary>Never less than what the event takes in a message, ids included.</summary>
    private static int BytesOf(AttemptEvent happened) => 250 + happened switch
    {
        AttemptEvent.Reported(var report, _) => report.Metrics.Sum(metric => (3 * metric.Key.Length) + 24),
        AttemptEvent.Described(var facts) => facts.Sum(fact => (3 * (fact.Key.Length + fact.Value.Length)) + 16),
        AttemptEvent.Failed(_, var message) => 3 * message.Length,
        AttemptEvent.Killed(var message) => 3 * message.Length,
        AttemptEvent.CheckpointLost(_, var reason) => 3 * reason.Length,
        _ => 0,
    };
}
