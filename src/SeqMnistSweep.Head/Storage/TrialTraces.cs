using System.Diagnostics;

namespace SeqMnistSweep.Head.Storage;

/// <summary>Every trial's way as one trace: <c>submit</c>, from its entry to its first lease, over it one <c>lease</c> per attempt, in each
/// an <c>epoch</c> per report, and in that the <c>commit</c>. Without a listener nothing is kept. A trial that outlives its head goes on in
/// a new trace.</summary>
internal sealed class TrialTraces(string name, TimeProvider time) : IDisposable
{
    private readonly ActivitySource _source = new(name);
    private readonly Dictionary<(SweepId Sweep, int Trial), Way> _ways = [];

    /// <summary>A committed change; on the writer's thread, one after another.</summary>
    public void Note(SweepId sweep, SweepChange change)
    {
        if (!_source.HasListeners()) return;

        switch (change)
        {
            case SweepChange.TrialAdded { Trial: var added }:
                _ways[(sweep, added.Number)] = new Way(
                    Start("submit", default, added.Created, sweep, added.Number)?.SetTag("origin", added.Origin));
                break;
            case SweepChange.EventAdded { Event: { What: Occurrence.TrialMoved moved } entry } when moved.Cause != TransitionCause.Retried:
                Moved(sweep, moved, entry);
                break;
            case SweepChange.ReportAdded added when _ways.TryGetValue((sweep, added.Trial), out var way) && way.Lease is not null:
                Reported(sweep, added, way);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var way in _ways.Values)
        {
            way.Lease?.Dispose();
            way.Submit?.Dispose();
        }

        _source.Dispose();
    }

    private void Moved(SweepId sweep, Occurrence.TrialMoved moved, SweepEvent entry)
    {
        var (trial, to) = (moved.Trial, moved.To);
        if (!_ways.TryGetValue((sweep, trial), out var way))
        {
            _ways[(sweep, trial)] = way = new Way(null);
        }

        if (to == TrialState.Leased)
        {
            End(way.Submit, entry.Time);
            way.Lease = Start("lease", way.Submit?.Context ?? way.Root, entry.Time, sweep, trial)?.SetTag("worker", entry.By).SetTag(
                "attempt", moved.Attempt);
            way.Root = way.Submit?.Context ?? (way.Root == default ? way.Lease?.Context ?? default : way.Root);
            way.Since = entry.Time;
            return;
        }

        way.Lease?.AddEvent(new ActivityEvent(to.ToName(), entry.Time, new ActivityTagsCollection { ["reason"] = entry.Reason }));
        if (to != TrialState.Running)
        {
            End(way.Lease, entry.Time);
            way.Lease = null;
        }

        if (to.IsFinal())
        {
            End(way.Submit, entry.Time);
            _ways.Remove((sweep, trial));
        }
    }

    private void Reported(SweepId sweep, SweepChange.ReportAdded added, Way way)
    {
        using var epoch = Start("epoch", way.Lease!.Context, way.Since, sweep, added.Trial)?.SetTag("epoch", added.Report.Epoch);
        if (epoch is not null)
        {
            End(Start("commit", epoch.Context, added.Time, sweep, added.Trial), time.GetUtcNow());
            End(epoch, added.Time);
        }

        way.Since = added.Time;
    }

    /// <param name="parent">Never the ambient one: this runs on the writer's thread, for whoever wrote.</param>
    private Activity? Start(string span, ActivityContext parent, DateTimeOffset at, SweepId sweep, int trial)
    {
        var ambient = Activity.Current;
        Activity.Current = null;
        var started = _source.StartActivity(span, ActivityKind.Internal, parent, startTime: at);
        Activity.Current = ambient;
        return started?.SetTag("sweep", sweep.Value).SetTag("trial", trial);
    }

    private static void End(Activity? span, DateTimeOffset at)
    {
        if (span is { IsStopped: false })
        {
            span.SetEndTime(at < span.StartTimeUtc ? span.StartTimeUtc : at.UtcDateTime);
            var ambient = Activity.Current;
            span.Stop();
            Activity.Current = ambient;
        }
    }

    private sealed class Way(Activity? submit)
    {
        public Activity? Submit { get; } = submit;

        /// <summary>What further leases hang from.</summary>
        public ActivityContext Root { get; set; }

        public Activity? Lease { get; set; }

        /// <summary>When the present epoch began.</summary>
        public DateTimeOffset Since { get; set; }
    }
}
