namespace SeqMnistSweep.Grains.Membership;

/// <summary>What <c>GET /api/v1/membership</c> answers: all silos, or with <c>?silo=</c> at most that one, and the version they belong
/// to.</summary>
/// <param name="Version">Grows by one with every change but a sign of life; a change names the version from which it was decided.</param>
public sealed record MemberTable(long Version, IReadOnlyList<MemberItem> Members)
{
    /// <exception cref="FormatException">An entry names no silo or no status.</exception>
    public MembershipTableData ToOrleans() => new(
        [.. Members.Select(item => Tuple.Create(item.Entry.ToOrleans(), item.Etag.ToString(CultureInfo.InvariantCulture)))],
        new TableVersion(checked((int)Version), Version.ToString(CultureInfo.InvariantCulture)));
}

/// <param name="Etag">Of the row; an update names the one from which it was decided.</param>
public sealed record MemberItem(long Etag, MemberEntry Entry);

/// <summary>Body of <c>POST /api/v1/membership/insert</c>.</summary>
public sealed record MemberInsert(long Version, MemberEntry Entry);

/// <summary>Body of <c>POST /api/v1/membership/update</c>.</summary>
public sealed record MemberUpdate(long Version, long Etag, MemberEntry Entry);

/// <summary>Body of <c>POST /api/v1/membership/alive</c>. It carries no time: the head's clock tells it.</summary>
public sealed record MemberAlive(string Silo);

/// <summary>Body of <c>POST /api/v1/membership/cleanup</c>: dead silos whose last change is older are forgotten.</summary>
public sealed record MemberCleanup(DateTimeOffset Before);

/// <summary>What every <c>POST</c> answers.</summary>
/// <param name="Applied">False when the table had changed meanwhile, or the change is refused: nothing was done.</param>
/// <param name="Reason">Why a change is refused; null otherwise.</param>
public sealed record MemberOutcome(bool Applied, string? Reason);

/// <summary>Body of an answer with a status of 400 or more.</summary>
/// <param name="Error">What is wrong and what would be accepted.</param>
public sealed record MemberError(string Error);
