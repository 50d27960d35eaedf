using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Live;

/// <summary>How long something of a sweep has run: read every few seconds, and in between counted on.</summary>
internal sealed class RunTimes(HeadStore store, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <summary>Of the time at most one part in so many goes into reading, however many attempts there are.</summary>
    private const int Share = 20;

    private readonly ConcurrentDictionary<SweepId, (TimeSpan At, TimeSpan Next, long Version, double Seconds)> _known = new();

    /// <param name="isRunning">Whether a trial of it runs now.</param>
    /// <param name="isFinal">Whether it has ended: what is told then is exact.</param>
    /// <returns>Seconds.</returns>
    public double Of(SweepId sweep, bool isRunning, bool isFinal)
    {
        var (now, version) = (time.GetElapsedTime(0), store.Changes.Of(sweep));
        if (!_known.TryGetValue(sweep, out var known) || (known.Version != version && (isFinal || now > known.Next)))
        {
            var seconds = store.Reader.RanSeconds(sweep, time.GetUtcNow());
            var pause = (time.GetElapsedTime(0) - now) * Share;
            _known[sweep] = known = (now, now + (pause > Every ? pause : Every), version, seconds);
        }

        return known.Seconds + (isRunning ? (now - known.At).TotalSeconds : 0);
    }
}
