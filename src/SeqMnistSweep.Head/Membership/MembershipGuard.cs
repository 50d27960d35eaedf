using SeqMnistSweep.Grains.Membership;

namespace SeqMnistSweep.Head.Membership;

/// <summary>What others may not do to the membership table. A head that was frozen would find, on waking, the votes of its workers waiting
/// at its own door, and be declared dead by its own table. The head is the only one that can tell how it is; a worker tells how it is
/// itself, and of others only that they are dead.</summary>
internal static class MembershipGuard
{
    /// <param name="head">The head that runs now; earlier starts of it are rows like any other.</param>
    /// <param name="silo">The row that somebody outside the head's process wants to add or to change.</param>
    /// <returns>Why not; null when it may be done.</returns>
    public static string? Refusal(SiloAddress head, SiloAddress silo) => silo.Equals(head)
        ? $"{silo} is the head that keeps this table, and only it changes its own row; it answers, so it lives"
        : null;

    /// <summary>What a worker's word about another silo comes to: its vote, and death. All else stays as the other told it.</summary>
    /// <param name="voter">The worker's own silo, in parsable form.</param>
    /// <param name="said">The row as the worker would have it.</param>
    /// <returns>Null where it is no vote.</returns>
    public static MemberEntry? Vote(MemberEntry stored, MemberEntry said, string voter)
    {
        var kept = stored.Suspects ?? [];
        var added = (said.Suspects ?? []).Where(vote => vote.Silo == voter).ToList();
        var isDeath = said.Status == nameof(SiloStatus.Dead);
        return added.Count == 0 && !isDeath
            ? null
            : stored with
            {
                Status = isDeath ? said.Status : stored.Status,
                Suspects = [.. kept.Where(vote => vote.Silo != voter), .. added],
            };
    }
}
