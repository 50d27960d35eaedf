using Microsoft.Extensions.Logging;

namespace SeqMnistSweep.Cli.Hosting.Membership;

/// <summary>
/// The end of a silo that must not go on, most often because the others declared it dead while it was frozen. Orleans' own way out is an
/// abort with a core dump; this one says why and exits with a code that a supervisor can tell from a crash. Nothing is lost: whatever was
/// acknowledged is in the head's database, and runners end with the process that started them.
/// </summary>
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
