using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Events that the head has not yet acknowledged, numbered from 1 in the order they happened. Sent again and again until then.</summary>
internal sealed class Outbox
{
    /// <summary>Events in one exchange: after hours without the head all of them together would be more than one message may hold.</summary>
    public const int MostAtOnce = 1000;

    private readonly object _gate = new();
    private readonly Queue<NumberedEvent> _events = [];
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
        }
    }

    /// <summary>The oldest, at most <see cref="MostAtOnce"/>.</summary>
    /// <param name="later">Attempts of whom there is more to tell than fits.</param>
    public ImmutableArray<NumberedEvent> Pending(out IReadOnlyList<(TrialId Trial, long Lease)> later)
    {
        lock (_gate)
        {
            later = [.. _events.Skip(MostAtOnce).Select(told => (told.Trial, told.Lease)).Distinct()];
            return [.. _events.Take(MostAtOnce)];
        }
    }

    public void Acknowledge(long sequence)
    {
        lock (_gate)
        {
            while (_events.TryPeek(out var first) && first.Sequence <= sequence)
            {
                _events.Dequeue();
            }
        }
    }
}
