namespace SeqMnistSweep.Cli.Commands;

/// <summary>Asks before what cannot be taken back.</summary>
internal static class Confirm
{
    public static Option<bool> Yes()
    {
        var yes = Flag("--yes", "do not ask");
        yes.Aliases.Add("-y");
        return yes;
    }

    /// <summary>Asks a person; where nobody can be asked, a script has said enough.</summary>
    /// <exception cref="CommandError">They did not say yes.</exception>
    public static void Ask(CommandContext context, bool yes, string question)
    {
        if (!yes && context.IsInteractive)
        {
            Require(context, question);
        }
    }

    /// <summary>Asks a person; where nobody can be asked, only <c>--yes</c> will do.</summary>
    /// <exception cref="CommandError">They did not say yes.</exception>
    public static void Demand(CommandContext context, bool yes, string question)
    {
        if (yes) return;

        if (!context.IsInteractive)
        {
            throw new CommandError(ExitCodes.NotAllowed, $"{question}  Nobody is here to be asked", "to do it without a question: --yes");
        }

        Require(context, question);
    }

    private static void Require(CommandContext context, string question)
    {
        context.Error.Write(TableOutput.Plain(question) + " [y/N] ");
        if (context.In.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new CommandError(ExitCodes.NotAllowed, "nothing is done: the answer was not yes");
        }
    }
}
