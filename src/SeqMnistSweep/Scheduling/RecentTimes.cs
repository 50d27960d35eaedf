namespace SeqMnistSweep.Scheduling;

/// <summary>How long something took, the last so many times. Safe for use by several threads.</summary>
/// <param name="kept">How many.</param>
public sealed class RecentTimes(int kept)
{
    private readonly object _gate = new();
    private readonly double[] _milliseconds = new double[kept];
    private long _count;

    /// <summary>Adds a time, in place of the oldest one where all places are taken.</summary>
    public void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _milliseconds[_count++ % kept] = time.TotalMilliseconds;
        }
    }

    /// <summary>Milliseconds that a share of the times did not exceed; null before the first.</summary>
    /// <param name="share">0 to 1.</param>
    public double? Quantile(double share)
    {
        double[] times;
        lock (_gate)
        {
            times = _milliseconds[..(int)Math.Min(_count, kept)];
        }

        Array.Sort(times);
        return times.Length == 0 ? null : times[Math.Clamp((int)Math.Ceiling(share * times.Length) - 1, 0, times.Length - 1)];
    }
}
