namespace SeqMnistSweep.Worker.Core;

/// <summary>How long slots stand free from the end of one attempt to the first code of the next, over the last 10,000 times.</summary>
/// <param name="slots">How many.</param>
internal sealed class IdleStatistics(int slots, TimeProvider time)
{
    private const int Kept = 10_000;

    /// <summary>Sorting ten thousand times at every exchange would be most of its work.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly long?[] _freeSince = new long?[slots];
    private readonly RecentTimes _idle = new(Kept);
    private long? _asked;

    public SlotGaps? Gaps => _idle.Quantile(0.5) is { } median ? new SlotGaps(median, _idle.Quantile(0.99)!.Value) : null;

    /// <summary>The gaps, once in a while; null in between.</summary>
    public SlotGaps? News()
    {
        if (_asked is { } asked && time.GetElapsedTime(asked) < Every) return null;

        _asked = time.GetTimestamp();
        return Gaps;
    }

    /// <summary>The attempt in the slot has ended; says so once, however often it is told.</summary>
    public void Ended(int slot) => _freeSince[slot] ??= time.GetTimestamp();

    public void Started(int slot)
    {
        if (_freeSince[slot] is not { } since) return;

        _idle.Add(time.GetElapsedTime(since));
        _freeSince[slot] = null;
    }

    /// <summary>The head had no trial for the slots that were free before it was asked: their time does not count.</summary>
    /// <param name="asked">Timestamp.</param>
    public void NothingToRun(long asked)
    {
        foreach (ref var since in _freeSince.AsSpan())
        {
            since = since < asked ? null : since;
        }
    }
}
