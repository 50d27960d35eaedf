namespace SeqMnistSweep.Worker.Agents;

/// <summary>How long slots stood free between two trials, over the last <see cref="Kept"/> times. Safe for use by several threads.</summary>
internal sealed class IdleTimes
{
    public const int Kept = 10_000;

    private readonly object _gate = new();
    private readonly double[] _milliseconds = new double[Kept];
    private long _count;

    public void Add(TimeSpan idle)
    {
        lock (_gate)
        {
            _milliseconds[_count++ % Kept] = idle.TotalMilliseconds;
        }
    }

    /// <summary>Milliseconds that a share of the times did not exceed; null before the first.</summary>
    /// <param name="share">0 to 1.</param>
    public double? Quantile(double share)
    {
        double[] times;
        lock (_gate)
        {
            times = _milliseconds[..(int)Math.Min(_count, Kept)];
        }

        Array.Sort(times);
        return times.Length == 0 ? null : times[Math.Clamp((int)Math.Ceiling(share * times.Length) - 1, 0, times.Length - 1)];
    }
}
