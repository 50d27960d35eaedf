namespace SeqMnistSweep.Results.Membership;

/// <summary>A silo as the table holds it.</summary>
/// <param name="Silo">Unique: another start of the same silo is another row.</param>
/// <param name="Etag">The table's version of the row's last change, signs of life apart.</param>
/// <param name="Entry">JSON of the caller's; the table does not look into it.</param>
/// <param name="Alive">The newest sign of life, to the millisecond.</param>
public sealed record MemberRow(string Silo, long Etag, string Entry, DateTimeOffset Alive);
