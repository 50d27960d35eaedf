using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli;

/// <summary>Ctrl-C and SIGTERM cancel the command once; the second time the operating system ends the process. SIGHUP cancels it however
/// often it comes: a terminal that is closed sends one, and so does its shell.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration? _hangUp;
    private bool _isLast;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => StopOrEnd(signal, ExitCodes.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => StopOrEnd(signal, ExitCodes.Terminated));
        _hangUp = IgnoresHangUp() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Stop(ExitCodes.HungUp);
        });
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Null while no signal came.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _hangUp?.Dispose();
        _stop.Dispose();
    }

    private void StopOrEnd(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = !_isLast;
        _isLast = true;
        Stop(exitCode);
    }

    private void Stop(int exitCode)
    {
        ExitCode ??= exitCode;
        _stop.Cancel();
    }

    /// <summary>Whoever started this with <c>nohup</c> means it.</summary>
    private static bool IgnoresHangUp() =>
        File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(
            line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line && (Convert.ToUInt64(line[7..].Trim(), 16) & 1) == 1;
}
