using System.Diagnostics.Metrics;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Live;

public sealed class HeadTelemetryTests : IDisposable
{
    private static readonly TrialId Trial = TrialId.Parse("told-0000/1");

    private readonly HeadTelemetry _telemetry = new(TimeProvider.System);
    private readonly List<(string Name, double Value, string? Worker)> _measured = [];
    private readonly MeterListener _listener = new();

    public HeadTelemetryTests()
    {
        var mine = $"worker-{Guid.NewGuid()}";
        Worker = mine;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Others read databases of other tests.
            if (instrument.Meter.Name == HeadTelemetry.Name && instrument.Name is not ("seqsweep.trials" or "seqsweep.workers" or "seqsweep.lease.age.max"))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    private string Worker { get; }

    public void Dispose()
    {
        _listener.Dispose();
        _telemetry.Dispose();
    }

    [Fact]
    public void Steps_are_as_long_as_running_trials_say()
    {
        _telemetry.Heard(Request() with
        {
            Running = [new RunningAttempt(Trial, 1, new TrialProgress(1, 5, 10, 100, 0.5, 7.3125, null)), new RunningAttempt(Trial, 2, new TrialProgress(1, 5, 0, 100, 0, 0, null)), new RunningAttempt(Trial, 3, null)],
        });
        Assert.Equal([1 / 7.3125], Of("seqsweep.step.duration").Where(value => value == 1 / 7.3125));
    }

    [Fact]
    public void Suggestions_are_measured_one_by_one()
    {
        _telemetry.Suggested(TimeSpan.FromMilliseconds(12.125));
        Assert.Contains(0.012125, Of("seqsweep.suggestion.duration"));
    }

    [Fact]
    public void A_workers_memory_is_as_it_said_last_until_it_leaves_or_is_lost()
    {
        _telemetry.Heard(Request() with { Memory = new DeviceMemory(5, 10) });
        _telemetry.Heard(Request());
        Assert.Equal([5.0], Memory("used"));
        Assert.Equal([10.0], Memory("total"));
        _telemetry.Heard(Request() with { Memory = new DeviceMemory(7, 10) });
        Assert.Equal([7.0], Memory("used"));
        _telemetry.Lost(Worker);
        Assert.Empty(Memory("used"));
        _telemetry.Heard(Request() with { Memory = new DeviceMemory(5, 10) });
        _telemetry.Heard(Request() with { Leaving = true });
        Assert.Empty(Memory("used"));
    }

    private ExchangeRequest Request() => new() { Holder = new LeaseHolder(Worker, "w-1", "cpu"), Slots = 1, FreeSlots = 0 };

    private List<double> Of(string name)
    {
        lock (_measured)
        {
            return [.. _measured.Where(measured => measured.Name == name).Select(measured => measured.Value)];
        }
    }

    private List<double> Memory(string what)
    {
        lock (_measured)
        {
            _measured.Clear();
        }

        _listener.RecordObservableInstruments();
        lock (_measured)
        {
            return [.. _measured.Where(measured => measured.Name == $"seqsweep.worker.memory.{what}" && measured.Worker == Worker).Select(measured => measured.Value)];
        }
    }

    /// <summary>Heads of other tests measure beside this one.</summary>
    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? worker = null;
        foreach (var tag in tags)
        {
            worker = tag.Key == "worker" ? tag.Value as string : worker;
        }

        lock (_measured)
        {
            _measured.Add((instrument.Name, value, worker));
        }
    }
}
