using SeqMnistSweep.Head.Http;

namespace SeqMnistSweep.Cli.Client;

/// <summary>A head and its clients must be the same version.</summary>
internal static class HeadVersion
{
    /// <exception cref="CommandError">The head is another version than this program.</exception>
    public static HeadInfo RequireSameVersion(this HeadInfo head, Uri address) => head.Version == ProgramVersion.Number
        ? head
        : throw new CommandError(
            ExitCodes.HeadUnreachable,
            $"the head at {address.GetLeftPart(UriPartial.Authority)} is seqsweep {head.Version}, this is {ProgramVersion.Number}",
            IsOlder(head.Version) ? "upgrade the head, then its workers" : "upgrade this program");

    private static bool IsOlder(string version) =>
        Version.TryParse(version.Split('-')[0], out var theirs) && Version.TryParse(ProgramVersion.Number.Split('-')[0], out var ours)
            && theirs < ours;
}
