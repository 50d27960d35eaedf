using SeqMnistSweep.SweepFiles.Reading;

namespace SeqMnistSweep.Cli.Commands;

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
