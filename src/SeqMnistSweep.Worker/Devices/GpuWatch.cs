namespace SeqMnistSweep.Worker.Devices;

/// <summary>Asks the driver now and then how a worker's GPUs are, and knows of their faults. Safe for use by several threads.</summary>
/// <param name="read">Of every GPU; empty where the driver says nothing. May take its time.</param>
internal sealed class GpuWatch(Func<IReadOnlyList<GpuReading>> read, TimeProvider time)
{
    /// <summary>A driver of a GPU that fell off the bus may never answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private readonly GpuErrors _faults = new();
    private Task _looking = Task.CompletedTask;
    private volatile DeviceHealth? _health;
    private long? _asked;

    /// <summary>As it was read last; null before that, and where the driver says nothing.</summary>
    public DeviceHealth? Health => _health;

    /// <summary>Hears of a fault, as soon as it is read.</summary>
    public Action<string> Faulted { get; set; } = _ => { };

    /// <summary>Asks the driver where it is time again and it does not owe an answer, and waits for none. Called by one thread.</summary>
    public void Poll()
    {
        if (!_looking.IsCompleted || (_asked is { } asked && time.GetElapsedTime(asked) < Every)) return;

        _asked = time.GetTimestamp();
        _ = LookAsync();
    }

    /// <summary>Asks the driver, after whoever asks it now, and waits for its answer, but not for ever.</summary>
    public async Task LookAsync()
    {
        Task looking;
        lock (_faults)
        {
            looking = _looking = _looking.IsCompleted
                ? Task.Run(Look)
                : _looking.ContinueWith(_ => Look(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await looking.WaitAsync(Limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What one of these GPUs has done wrong from a time until now, the last of it; null where nothing is known.</summary>
    public async Task<string?> TroubleSinceAsync(DateTimeOffset since, IReadOnlyCollection<string> gpus)
    {
        await LookAsync();
        lock (_faults)
        {
            return _faults.Since(since, gpus);
        }
    }

    private void Look()
    {
        var readings = read();
        List<GpuError> found;
        lock (_faults)
        {
            found = [.. readings.SelectMany(reading => _faults.Take(reading, time.GetUtcNow()))];
            _health = readings.Count == 0 ? null : HealthOf(readings);
        }

        found.ForEach(fault => Faulted(fault.What));
    }

    private DeviceHealth HealthOf(IReadOnlyList<GpuReading> readings)
    {
        var (busy, errors) = (readings.Average(reading => reading.Utilization), readings.Sum(reading => reading.EccErrors));
        return new DeviceHealth
        {
            Utilization = busy is { } percent ? (int)Math.Round(percent) : null,
            EccErrors = readings.Any(reading => reading.EccErrors is not null) ? errors : null,
            NeedsReset = readings.Any(reading => reading.NeedsReset),
            Xid = _faults.LastXid,
            Fault = _faults.Last?.What,
            FaultTime = _faults.Last?.Seen,
        };
    }
}
