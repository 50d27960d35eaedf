using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Live;

/// <summary>
/// What the head measures of its work, from what was committed: nothing that runs waits for it. A trial's way, from its grant over its
/// epochs to its end, is one trace.
/// </summary>
public sealed class HeadTelemetry : IDisposable
{
    public const string Name = "SeqMnistSweep.Head";

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _traces = new(Name);
    private readonly ConcurrentDictionary<(SweepId Sweep, int Trial), Activity> _attempts = new();
    private readonly Counter<long> _reports;
    private readonly Counter<long> _transitions;
    private readonly Histogram<long> _batch;
    private readonly Histogram<double> _epoch;

    public HeadTelemetry()
    {
        _reports = _meter.CreateCounter<long>("seqsweep.reports", "{report}", "Epoch reports that are on the disk");
        _transitions = _meter.CreateCounter<long>("seqsweep.trial.transitions", "{trial}", "Trials that came into a state");
        _batch = _meter.CreateHistogram<long>("seqsweep.writer.batch", "{write}", "Writes that shared one transaction");
        _epoch = _meter.CreateHistogram<double>("seqsweep.epoch.duration", "s", "Seconds of an epoch, as its trial says");
    }

    /// <summary>Asked at every scrape: trials by state, over all open sweeps.</summary>
    public void Watch(Func<IEnumerable<Measurement<long>>> trials, Func<IEnumerable<Measurement<long>>> workers, Func<double> oldestLease)
    {
        _meter.CreateObservableGauge("seqsweep.trials", trials, "{trial}", "Trials of unfinished sweeps by state; queued is the queue's depth");
        _meter.CreateObservableGauge("seqsweep.workers", workers, "{worker}", "Workers by state");
        _meter.CreateObservableGauge("seqsweep.lease.age.max", oldestLease, "s", "Seconds since the start of the attempt that has run for longest");
    }

    public void Batched(int writes) => _batch.Record(writes);

    public void Note(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.ReportAdded added:
                    Reported(sweep, added);
                    break;
                case SweepChange.EventAdded { Event: { Trial: { } trial, Kind: SweepEvent.StateKind, To: { } to } moved }:
                    _transitions.Add(1, new KeyValuePair<string, object?>("state", to));
                    Moved(sweep, trial, to, moved);
                    break;
            }
        }
    }

    public void Dispose()
    {
        foreach (var attempt in _attempts.Values)
        {
            attempt.Dispose();
        }

        _meter.Dispose();
        _traces.Dispose();
    }

    private void Reported(SweepId sweep, SweepChange.ReportAdded added)
    {
        _reports.Add(1);
        if (added.Report["epoch_seconds"] is { } seconds)
        {
            _epoch.Record(seconds);
        }

        if (_attempts.TryGetValue((sweep, added.Trial), out var attempt))
        {
            attempt.AddEvent(new ActivityEvent("epoch", added.Time, new ActivityTagsCollection { ["epoch"] = added.Report.Epoch }));
        }
    }

    private void Moved(SweepId sweep, int trial, string to, SweepEvent moved)
    {
        if (to == "leased")
        {
            // No ambient parent: this runs on the writer's thread, for whoever wrote.
            if (_traces.StartActivity("attempt", ActivityKind.Internal, default(ActivityContext), startTime: moved.Time) is { } started)
            {
                started.SetTag("sweep", sweep.Value).SetTag("trial", trial).SetTag("worker", moved.By);
                _attempts[(sweep, trial)] = started;
            }
        }
        else if (_attempts.TryGetValue((sweep, trial), out var attempt))
        {
            attempt.AddEvent(new ActivityEvent(to, moved.Time, new ActivityTagsCollection { ["reason"] = moved.Reason }));
            if (to is not "running" && _attempts.TryRemove((sweep, trial), out _))
            {
                attempt.SetEndTime(moved.Time.UtcDateTime);
                attempt.Dispose();
            }
        }
    }
}
