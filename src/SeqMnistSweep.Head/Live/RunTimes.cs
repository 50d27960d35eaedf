using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Live;

/// <summary>How long something of a sweep has run: read every few seconds, and in between counted on.</summary>
internal sealed class RunTimes(HeadStore store, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SweepId, (TimeSpan At, long Version, double Seconds)> _known = new();

    /// <param name="isRunning">Whether a trial of it runs now.</param>
    /// <returns>Seconds.</returns>
    public double Of(SweepId sweep, bool isRunning)
    {
        var (now, version) = (time.GetElapsedTime(0), store.Changes.Of(sweep));
        if (!_known.TryGetValue(sweep, out var known) || (known.Version != version && (!isRunning || now - known.At > Every)))
        {
            _known[sweep] = known = (now, version, store.Reader.RanSeconds(sweep, time.GetUtcNow()));
        }

        return known.Seconds + (isRunning ? (now - known.At).TotalSeconds : 0);
    }
}
