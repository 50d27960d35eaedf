using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Live;

/// <summary>Estimates the end of sweeps from the durations in the database. An estimate holds for a while: reading durations at every change
/// would be slow.</summary>
internal sealed class EtaReader(HeadStore store, TimeProvider time)
{
    private const int MaxDurations = 200;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SweepId, (TimeSpan At, Eta? Eta)> _known = new();

    /// <param name="planned">Trials in all; null when unknown.</param>
    /// <param name="ended">Those that have ended.</param>
    /// <param name="running">Trials at a time.</param>
    /// <returns>Null without an estimate.</returns>
    public Eta? Of(SweepId sweep, long? planned, long ended, int running)
    {
        if (planned is not { } all || running == 0) return null;

        var now = time.GetElapsedTime(0);
        if (!_known.TryGetValue(sweep, out var known) || now - known.At > Every)
        {
            _known[sweep] = known = (now, Eta.Of(all - ended, running, store.Reader.LastDurations(sweep, MaxDurations), Elapsed(sweep)));
        }

        return known.Eta;
    }

    private List<double> Elapsed(SweepId sweep)
    {
        var now = time.GetUtcNow();
        return [.. store.Reader.Starts(sweep, SweepStatus.MaxRunning).Select(started => Math.Max(0, (now - started).TotalSeconds))];
    }
}
