using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Client;

/// <summary>What a head says of itself, at <c>/api/v1/cluster</c>.</summary>
internal sealed record HeadInfo
{
    public required string Version { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>Address and port.</summary>
    public required string Gateway { get; init; }

    /// <summary>Address and port, for workers.</summary>
    public required string Silo { get; init; }

    /// <summary><c>head</c>, or the connection string of an outside table.</summary>
    public required string Membership { get; init; }

    public long HeadEpoch { get; init; }

    /// <summary>The head's clock.</summary>
    public DateTimeOffset Time { get; init; }

    public int Pid { get; init; }

    /// <exception cref="CommandError">The head is another version than this program.</exception>
    public HeadInfo RequireSameVersion(Uri address) => Version == ProgramVersion.Number
        ? this
        : throw new CommandError(
            ExitCodes.HeadUnreachable,
            $"the head at {address.GetLeftPart(UriPartial.Authority)} is seqsweep {Version}, this is {ProgramVersion.Number}",
            IsOlder(Version) ? "upgrade the head, then its workers" : "upgrade this program");

    private static bool IsOlder(string version) =>
        System.Version.TryParse(version.Split('-')[0], out var theirs) && System.Version.TryParse(ProgramVersion.Number.Split('-')[0], out var ours) && theirs < ours;
}
