using System.Text.Json;

namespace SeqMnistSweep.Grains.Membership;

/// <summary>One silo of the membership table in JSON: every field of Orleans' <see cref="MembershipEntry"/>, none added. Times are
/// UTC.</summary>
/// <param name="Silo">Address, port and generation, in the form of <see cref="SiloAddress.ToParsableString"/>.</param>
/// <param name="Status">Name of a <see cref="SiloStatus"/>.</param>
/// <param name="Suspects">Who votes for its death and since when; null, not empty, where the silo has no list.</param>
/// <param name="ProxyPort">Of the gateway; 0 without one.</param>
public sealed record MemberEntry(
    string Silo, string Status, IReadOnlyList<MemberVote>? Suspects, int ProxyPort, string? HostName, string? SiloName, string? RoleName,
    int UpdateZone, int FaultZone, DateTime StartTime, DateTime AliveTime)
{
    /// <summary>The entry that Orleans holds.</summary>
    public static MemberEntry From(MembershipEntry entry) => new(
        entry.SiloAddress.ToParsableString(),
        entry.Status.ToString(),
        entry.SuspectTimes is { } votes ? [.. votes.Select(vote => new MemberVote(vote.Item1.ToParsableString(), Utc(vote.Item2)))] : null,
        entry.ProxyPort,
        entry.HostName,
        entry.SiloName,
        entry.RoleName,
        entry.UpdateZone,
        entry.FaultZone,
        Utc(entry.StartTime),
        Utc(entry.IAmAliveTime));

    /// <exception cref="FormatException">An address or the status is none.</exception>
    public MembershipEntry ToOrleans() => new()
    {
        SiloAddress = ParseSilo(Silo),
        Status = ParseStatus(Status),
        SuspectTimes = Suspects is { } votes ? [.. votes.Select(vote => Tuple.Create(ParseSilo(vote.Silo), Utc(vote.Time)))] : null,
        ProxyPort = ProxyPort,
        HostName = HostName!,
        SiloName = SiloName!,
        RoleName = RoleName,
        UpdateZone = UpdateZone,
        FaultZone = FaultZone,
        StartTime = Utc(StartTime),
        IAmAliveTime = Utc(AliveTime),
    };

    /// <summary>The form that travels and is stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MembershipJson.Default.MemberEntry);

    /// <exception cref="JsonException">It is no entry.</exception>
    public static MemberEntry FromJson(string json) =>
        JsonSerializer.Deserialize(json, MembershipJson.Default.MemberEntry)
            ?? throw new JsonException("a membership entry is an object, not null");

    /// <exception cref="FormatException">It is no address of a silo.</exception>
    public static SiloAddress ParseSilo(string text) => SiloAddress.TryParse(text, out var silo)
        ? silo
        : throw new FormatException($"'{text}' is no silo address; one reads ADDRESS:PORT@GENERATION");

    private static SiloStatus ParseStatus(string text) => Enum.TryParse<SiloStatus>(text, out var status) && status.ToString() == text
        ? status
        : throw new FormatException($"'{text}' is no silo status; accepted: {string.Join(", ", Enum.GetNames<SiloStatus>())}");

    /// <summary>Orleans' times are UTC whether they say so or not.</summary>
    private static DateTime Utc(DateTime time)
        => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
}

/// <summary>A silo's word that another one is dead.</summary>
/// <param name="Silo">Who says so.</param>
public sealed record MemberVote(string Silo, DateTime Time);
