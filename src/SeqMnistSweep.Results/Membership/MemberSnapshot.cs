namespace SeqMnistSweep.Results.Membership;

/// <summary>Rows and version of the membership table as of one moment.</summary>
/// <param name="Version">Grows by one with every change but a sign of life; never goes back. 0 in a new database.</param>
public sealed record MemberSnapshot(long Version, IReadOnlyList<MemberRow> Rows);
