using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SeqMnistSweep.Head.Storage;

/// <summary>What the head measures of its work, from what was committed or told: nothing that runs waits for it.</summary>
public sealed class HeadTelemetry : IDisposable
{
    public const string Name = "SeqMnistSweep.Head";

    private const int ExchangesKept = 500;

    private readonly Meter _meter = new(Name);
    private readonly TrialTraces _traces;
    private readonly ConcurrentDictionary<string, DeviceMemory> _memory = new(StringComparer.Ordinal);
    private readonly Counter<long> _reports;
    private readonly Counter<long> _transitions;
    private readonly Histogram<long> _batch;
    private readonly Histogram<double> _epoch;
    private readonly Histogram<double> _step;
    private readonly Histogram<double> _suggestion;
    private readonly Counter<long> _exchanges;
    private readonly RecentTimes _exchangeTimes = new(ExchangesKept);

    public HeadTelemetry(TimeProvider time)
    {
        _traces = new TrialTraces(Name, time);
        _reports = _meter.CreateCounter<long>("seqsweep.reports", "{report}", "Epoch reports that are on the disk");
        _transitions = _meter.CreateCounter<long>("seqsweep.trial.transitions", "{trial}", "Trials that came into a state");
        _batch = _meter.CreateHistogram<long>("seqsweep.writer.batch", "{write}", "Writes that shared one transaction");
        _epoch = _meter.CreateHistogram<double>("seqsweep.epoch.duration", "s", "Seconds of an epoch, as its trial says");
        _step = _meter.CreateHistogram<double>(
            "seqsweep.step.duration", "s", "Seconds of a training step, as a running trial says about once a second",
            advice: Seconds(0.001));
        _suggestion = _meter.CreateHistogram<double>(
            "seqsweep.suggestion.duration", "s", "Seconds that a sampler took for one proposal", advice: Seconds(0.000_01));
        _meter.CreateObservableGauge(
            "seqsweep.worker.memory.used", () => Memory(memory => memory.Used), "By", "What is taken of a worker's device memory");
        _meter.CreateObservableGauge(
            "seqsweep.worker.memory.total", () => Memory(memory => memory.Total), "By", "What a worker's device has of memory");
        _exchanges = _meter.CreateCounter<long>("seqsweep.exchanges", "{exchange}", "Exchanges with workers that were answered");
        _meter.CreateObservableGauge(
            "seqsweep.exchange.p50", () => Exchange(0.5), "ms", $"Median time of the last {ExchangesKept} exchanges, the commit included");
        _meter.CreateObservableGauge(
            "seqsweep.exchange.p99", () => Exchange(0.99), "ms",
            $"99 of 100 of the last {ExchangesKept} exchanges took no longer, the commit included");
    }

    /// <summary>Asked at every scrape: trials by state, over all open sweeps.</summary>
    public void Watch(Func<IEnumerable<Measurement<long>>> trials, Func<IEnumerable<Measurement<long>>> workers, Func<double> oldestLease)
    {
        _meter.CreateObservableGauge(
            "seqsweep.trials", trials, "{trial}", "Trials of unfinished sweeps by state; queued is the queue's depth");
        _meter.CreateObservableGauge("seqsweep.workers", workers, "{worker}", "Workers by state");
        _meter.CreateObservableGauge(
            "seqsweep.lease.age.max", oldestLease, "s", "Seconds since the start of the attempt that has run for longest");
    }

    public void Exchanged(TimeSpan took)
    {
        _exchanges.Add(1);
        _exchangeTimes.Add(took);
    }

    public void Batched(int writes) => _batch.Record(writes);

    public void Suggested(TimeSpan took) => _suggestion.Record(took.TotalSeconds);

    /// <summary>What a worker says of itself in an exchange.</summary>
    public void Heard(ExchangeRequest request)
    {
        if (request.Leaving)
        {
            Lost(request.Holder.Worker);
        }
        else if (request.Memory is { } memory)
        {
            _memory[request.Holder.Worker] = memory;
        }

        foreach (var running in request.Running)
        {
            if (running.Progress is { BatchesPerSecond: > 0 and var rate })
            {
                _step.Record(1 / rate);
            }
        }
    }

    /// <summary>The worker is not there any more.</summary>
    public void Lost(string worker) => _memory.TryRemove(worker, out _);

    public void Note(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.ReportAdded { Report: var report }:
                    _reports.Add(1);
                    if (report["epoch_seconds"] is { } seconds)
                    {
                        _epoch.Record(seconds);
                    }

                    break;
                case SweepChange.EventAdded { Event.What: Occurrence.TrialMoved moved } when moved.Cause != TransitionCause.Retried:
                    _transitions.Add(1, new KeyValuePair<string, object?>("state", moved.To.ToName()));
                    break;
            }

            _traces.Note(sweep, change);
        }
    }

    public void Dispose()
    {
        _traces.Dispose();
        _meter.Dispose();
    }

    private Measurement<double>[] Exchange(double share) =>
        _exchangeTimes.Quantile(share) is { } milliseconds ? [new Measurement<double>(milliseconds)] : [];

    private IEnumerable<Measurement<long>> Memory(Func<DeviceMemory, long> of) =>
        _memory.Select(worker => new Measurement<long>(of(worker.Value), new KeyValuePair<string, object?>("worker", worker.Key)));

    /// <summary>Bounds a factor of about three apart: these times span five orders of magnitude.</summary>
    private static InstrumentAdvice<double> Seconds(double first) => new()
    {
        HistogramBucketBoundaries = [.. Enumerable.Range(0, 12).Select(i => first * Math.Pow(10, i / 2) * (i % 2 == 0 ? 1 : 3))],
    };
}
