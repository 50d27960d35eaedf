using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>The option <c>--membership</c> of head and worker.</summary>
internal static class MembershipOption
{
    public static Option<string> Create() => Value("--membership", "PLACE",
        "who keeps the list of silos: head, redis://HOST or postgres://USER@HOST/DB; the same for head and workers", "head");

    /// <exception cref="CommandError">It names no place.</exception>
    public static MembershipChoice Read(string text)
    {
        try
        {
            return MembershipChoice.Parse(text);
        }
        catch (FormatException error)
        {
            throw new CommandError(ExitCodes.Usage, error.Message);
        }
    }
}
