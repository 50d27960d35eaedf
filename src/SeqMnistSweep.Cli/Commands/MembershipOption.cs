using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>The option <c>--membership</c> of head and worker.</summary>
internal static class MembershipOption
{
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
