using SeqMnistSweep.Grains.Membership;

namespace SeqMnistSweep.Head.Membership;

/// <summary>When a silo was last known to live or to be judged, by the head's clock: whatever a silo says of its own clock is not
/// believed.</summary>
internal static class SiloLiveness
{
    /// <summary>A silo that changes its own status shows that it lives; others only vote on it, or declare it dead.</summary>
    /// <param name="known">The last sign of life so far.</param>
    public static DateTimeOffset AfterUpdate(string oldStatus, SiloStatus newStatus, DateTimeOffset known, DateTimeOffset now) =>
        oldStatus != newStatus.ToString() && newStatus != SiloStatus.Dead && now > known ? now : known;

    /// <summary>A start in the head's future, of a machine whose clock is ahead, counts as now: otherwise its silo would look alive until
    /// then.</summary>
    public static DateTime Start(DateTime claimed, DateTimeOffset now) => claimed > now.UtcDateTime ? now.UtcDateTime : claimed;

    /// <summary>Whether a row can be forgotten: a dead silo of which nothing was heard and on which nobody voted since
    /// <paramref name="before"/>.</summary>
    public static bool IsDefunct(MemberEntry entry, DateTimeOffset alive, DateTimeOffset before)
    {
        if (entry.Status != nameof(SiloStatus.Dead) || alive >= before || entry.StartTime >= before.UtcDateTime)
        {
            return false;
        }

        return entry.Suspects is null || entry.Suspects.All(vote => vote.Time < before.UtcDateTime);
    }
}
