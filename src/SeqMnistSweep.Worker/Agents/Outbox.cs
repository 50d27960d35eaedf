using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Events that the head has not yet acknowledged, numbered from 1 in the order they happened. Sent again and again until then.</summary>
internal sealed class Outbox
{
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

    public ImmutableArray<NumberedEvent> Pending()
    {
        lock (_gate)
        {
            return [.. _events];
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
