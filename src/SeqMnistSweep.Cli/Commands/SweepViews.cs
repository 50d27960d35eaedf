using SeqMnistSweep.Cli.Watching;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Which view a command shows a sweep in.</summary>
internal static class SweepViews
{
    public static Option<bool> Plain() => Flag("--plain", "a line for each event, as in a pipe, instead of a screen");

    /// <summary>The screen, where a person looks at it; else plain lines.</summary>
    /// <param name="definition">Null for a sweep whose file this program does not understand: all parameters are shown.</param>
    /// <param name="lines">Where plain lines go.</param>
    /// <param name="leaving">What Ctrl-C does.</param>
    /// <param name="quit">As in <see cref="LivePanel"/>.</param>
    public static ISweepView ForPerson(
        CommonOptions options, ParseResult parsed, SweepDefinition? definition, ResultSource results, bool plain, TextWriter lines,
        string leaving, Action? quit = null)
    {
        var context = options.Context;
        return !plain && ScreenOf(options, parsed) is { } screen
            ? new LivePanel(screen, definition?.Space, results, context.Say, leaving, quit)
            : new PlainLines(lines, new SweepText(definition?.Space.Varied.ToHashSet()), context.Time);
    }

    /// <summary>On stderr; null where it cannot be redrawn, or is the shell's.</summary>
    public static Screen? ScreenOf(CommonOptions options, ParseResult parsed)
    {
        var context = options.Context;
        var profile = context.ErrorProfile(parsed.GetValue(options.Color)!);
        return profile.Animation && context.Terminal is { } terminal && terminal.IsForeground()
            ? new Screen(profile, context.Error, context.Time, terminal)
            : null;
    }
}
