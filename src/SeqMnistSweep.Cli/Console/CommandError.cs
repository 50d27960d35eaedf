namespace SeqMnistSweep.Cli.Console;

/// <summary>A command cannot do what was asked: what is the matter, what to do, the exit code. Nothing is on stdout.</summary>
internal class CommandError(int exitCode, string message, string? hint = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Hint { get; } = hint;
}
