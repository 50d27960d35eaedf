namespace SeqMnistSweep.Worker.Devices;

/// <summary>The most memory of its GPUs that an attempt had so far, read every second beside it: a driver may take its time to
/// answer.</summary>
internal sealed class DeviceMemoryWatch : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Func<long?> _read;
    private readonly ITimer _timer;
    private long _peak;
    private int _reads;

    /// <param name="read">Bytes; null where the driver does not say.</param>
    public DeviceMemoryWatch(Func<long?> read, TimeProvider time)
    {
        _read = read;
        _timer = time.CreateTimer(_ => Look(), null, First, Interval);
    }

    /// <summary>Bytes; null before any are known.</summary>
    public long? Peak => Interlocked.Read(ref _peak) is > 0 and var peak ? peak : null;

    /// <summary>The report with what is known so far; as it is where that is nothing, or where the program says it itself.</summary>
    public EpochReport AddTo(EpochReport report) =>
        Peak is { } peak && report[EpochReport.DeviceMemory] is null
            ? report with { Metrics = report.Metrics.SetItem(EpochReport.DeviceMemory, peak) }
            : report;

    public void Dispose() => _timer.Dispose();

    /// <summary>One at a time: a driver that hangs holds one thread, not one more every second. Whatever goes wrong, nothing is known: an
    /// exception in a timer would end the worker.</summary>
    internal void Look()
    {
        if (Interlocked.Exchange(ref _reads, 1) == 1) return;

        try
        {
            if (_read() is { } bytes && bytes > Interlocked.Read(ref _peak))
            {
                Interlocked.Exchange(ref _peak, bytes);
            }
        }
        catch (Exception)
        {
            // The next reading may succeed.
        }
        finally
        {
            Interlocked.Exchange(ref _reads, 0);
        }
    }
}
