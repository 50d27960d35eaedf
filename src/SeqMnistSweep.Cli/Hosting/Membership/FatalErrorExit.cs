using Microsoft.Extensions.Logging;

namespace SeqMnistSweep.Cli.Hosting.Membership;

/// <summary>The end of a silo that must not go on, most often one declared dead while it was frozen: instead of Orleans' abort, an exit
/// that says why, with a code of its own. What was acknowledged is stored, and runners end with their worker.</summary>
internal sealed partial class FatalErrorExit(string role, TextWriter error, ILogger<FatalErrorExit> logger) : IFatalErrorHandler
{
    /// <summary>EX_SOFTWARE of sysexits.h. Start the process again.</summary>
    public const int Code = 70;

    private readonly Lock _gate = new();

    /// <summary>Ends the process; tests put something else here.</summary>
    internal Action<int> Exit { get; init; } = End;

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        // Whoever comes second waits here until the process is gone.
        lock (_gate)
        {
            var reason = context ?? exception?.Message ?? "no reason given";
            LogFatal(exception, role, sender, reason);
            error.WriteLine(
                $"seqsweep: the silo of this {role} cannot go on and the process ends with code {Code}; start it again. {reason}");
            error.Flush();
            Exit(Code);
        }
    }

#pragma warning disable RS0030 // The silo is called from many threads, none of which leads back to a verb that could return a code.
    private static void End(int code) => Environment.Exit(code);
#pragma warning restore RS0030

    [LoggerMessage(Level = LogLevel.Critical, Message = "The silo of this {Role} cannot go on ({Sender}): {Reason}")]
    private partial void LogFatal(Exception? exception, string role, object? sender, string reason);
}
