namespace SeqMnistSweep.Cli.Console;

/// <summary>A command cannot do what was asked: what is the matter, what to do about it, and the exit code. Nothing has been written to
/// stdout.</summary>
internal class CommandError(int exitCode, string message, string? hint = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Hint { get; } = hint;
}
