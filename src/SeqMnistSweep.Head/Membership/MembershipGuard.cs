namespace SeqMnistSweep.Head.Membership;

/// <summary>What others may not do to the membership table. A head that was frozen would find, on waking, the votes of its workers waiting
/// at its own door, and be declared dead by its own table. The head is the only one that can tell how it is.</summary>
internal static class MembershipGuard
{
    /// <param name="head">The head that runs now; earlier starts of it are rows like any other.</param>
    /// <param name="silo">The row that somebody outside the head's process wants to add or to change.</param>
    /// <returns>Why not; null when it may be done.</returns>
    public static string? Refusal(SiloAddress head, SiloAddress silo) => silo.Equals(head)
        ? $"{silo} is the head that keeps this table, and only it changes its own row; it answers, so it lives"
        : null;
}
