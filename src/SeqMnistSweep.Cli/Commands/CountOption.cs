using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

/// <summary><c>--count</c>: bounds a sweep without a change of its file, as with <c>wandb agent --count</c>. The sweep is that of the file
/// with this <c>run_cap</c>.</summary>
internal static class CountOption
{
    public static Option<int?> Create() =>
        Value<int?>("--count", "N", "no more than this many configurations, as if the file had this run_cap");

    /// <exception cref="CommandError">The number is below 1, or the file has no place for it.</exception>
    public static SweepFileResult Apply(this Option<int?> option, ParseResult parsed, SweepFileResult file) =>
        parsed.GetValue(option) switch
    {
        null => file,
        < 1 and var few => throw new CommandError(ExitCodes.Usage, $"--count {few} is below 1", "give 1 or more"),
        { } count => CappedFile.Of(file, count)
            ?? throw new CommandError(ExitCodes.Usage, $"--count {count} has no place in {file.FileName}", $"write run_cap: {count} in it"),
    };

    /// <summary>As it was given, to be told again; empty when it was not.</summary>
    public static string Argument(this Option<int?> option, ParseResult parsed) =>
        parsed.GetValue(option) is { } count ? string.Create(CultureInfo.InvariantCulture, $" --count {count}") : "";
}
