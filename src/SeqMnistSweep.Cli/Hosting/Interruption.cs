using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP. The first asks for a clean end, a second one of the same kind ends the process at once, as it would
/// without us.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interruption(Action<string> say)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, received =>
            {
                if (_source.IsCancellationRequested)
                {
                    return;
                }

                received.Cancel = true;
                Signal = received.Signal;
                say("stopping: running trials write a checkpoint; once more quits at once");
                _source.Cancel();
            }));
        }
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The first one received; null as long as there was none.</summary>
    public PosixSignal? Signal { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }
}
