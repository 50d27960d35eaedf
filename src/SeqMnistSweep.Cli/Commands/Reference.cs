using SeqMnistSweep.SweepFiles.Reading;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>The arguments that name a sweep or a trial, in the forms that <see cref="SweepReference"/> reads.</summary>
internal static class Reference
{
    private const string SweepForms = "its id, the beginning of it, its title, or @last";
    private const string TrialForms = "a trial such as tcn-7f3k/17, or @last/17";

    /// <summary>A sweep that must be named.</summary>
    public static Argument<string> Sweep() => Positional<string>("sweep", "SWEEP", SweepForms);

    /// <summary>One or more.</summary>
    public static Argument<string[]> Sweeps() =>
        Positional<string[]>("sweeps", "SWEEP...", $"{SweepForms}; may be several", ArgumentArity.OneOrMore);

    /// <summary>A sweep, or the newest.</summary>
    public static Argument<string?> SweepOrNewest() =>
        Positional<string?>("sweep", "[SWEEP]", $"{SweepForms}; the newest without one", ArgumentArity.ZeroOrOne);

    public static Argument<string> Trial() => Positional<string>("trial", "TRIAL", TrialForms);

    public static Argument<string> SweepOrTrial() =>
        Positional<string>("id", "SWEEP|TRIAL", "a sweep (its id, the beginning of it, @last) or a trial such as tcn-7f3k/17");
}

/// <summary>Options that take a time are written alike everywhere.</summary>
internal static class GivenTime
{
    /// <returns>Null when the option is not given and has no default.</returns>
    /// <exception cref="CommandError">It is no time.</exception>
    public static TimeSpan? Of(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text
        ? null
        : Quantities.Duration(text) ?? throw new CommandError(
            ExitCodes.Usage, $"{option.Name} takes a time such as 90s, 10m or 3h50m, not '{text}'");
}
