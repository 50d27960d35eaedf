using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli;

/// <summary>Ctrl-C and SIGTERM cancel the command once; the second time the operating system ends the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, ExitCodes.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, ExitCodes.Terminated));
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Null while no signal came.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = ExitCode is null;
        ExitCode ??= exitCode;
        _stop.Cancel();
    }
}
