using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>The option <c>--membership</c> of head and worker.</summary>
internal static class MembershipOption
{
    public static Option<string> Create() => Value("--membership", "PLACE",
        "who keeps the list of silos: head, redis://HOST or postgres://USER@HOST/DB; the same for head and workers; "
            + "@FILE, or SEQSWEEP_MEMBERSHIP, keeps a password out of ps", "head");

    /// <exception cref="CommandError">It names no place.</exception>
    public static MembershipChoice Read(ParseResult parsed, Option<string> option, CommandContext context)
    {
        var given = parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;
        try
        {
            return MembershipChoice.Parse(
                SecretOption.Read("--membership", given, SecretOption.MembershipVariable, context) ?? parsed.GetValue(option)!);
        }
        catch (FormatException error)
        {
            throw new CommandError(ExitCodes.Usage, error.Message);
        }
    }
}
