namespace SeqMnistSweep.Worker.Core;

/// <summary>How many trials a worker wants at hand beyond its free slots: as many as <see cref="Work"/> lasts, since asking for the next
/// one takes a few milliseconds. None when trials take longer than that, for they would only wait here while another worker has a free
/// slot.</summary>
internal sealed class Prefetcher
{
    public const int Max = 2000;

    /// <summary>Weight of the newest duration in the moving mean.</summary>
    private const double NewestWeight = 0.1;

    public static readonly TimeSpan Work = TimeSpan.FromMilliseconds(100);

    private double? _mean;

    /// <summary>An attempt ended after this long in its slot.</summary>
    public void Took(TimeSpan duration)
    {
        var seconds = Math.Max(duration.TotalSeconds, 1e-6);
        _mean = _mean is { } mean ? mean + (NewestWeight * (seconds - mean)) : seconds;
    }

    /// <summary>Trials wanted beyond the free slots.</summary>
    /// <param name="longest">How long the oldest attempt has been in its slot: work may have changed before any of the new kind has
    /// ended.</param>
    public int Wanted(int slots, TimeSpan longest) =>
        _mean is { } mean && mean <= Work.TotalSeconds && longest <= Work
            ? (int)Math.Min(Max, Math.Ceiling(slots * Work.TotalSeconds / mean))
            : 0;
}
