using SeqMnistSweep.Cli.Watching;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Which view a command shows a sweep in.</summary>
internal static class SweepViews
{
    /// <summary>On stderr: the panel where it can be redrawn, else plain lines.</summary>
    /// <param name="definition">Null for a sweep whose file this program does not understand: all parameters are shown.</param>
    /// <param name="leaving">What Ctrl-C does.</param>
    public static ISweepView ForPerson(CommonOptions options, ParseResult parsed, SweepDefinition? definition, string leaving)
    {
        var context = options.Context;
        var text = new SweepText(definition?.Space.Varied.ToHashSet());
        var profile = context.ErrorProfile(parsed.GetValue(options.Color)!);
        return profile.Animation
            ? new LivePanel(
                profile.Over(context.Error), text, context.Time, () => profile.FollowsTerminal ? CommandContext.WidthOfTerminal() : null,
                leaving)
            : new PlainLines(context.Error, text, context.Time);
    }
}
