namespace SeqMnistSweep.Worker.Agents;

/// <summary>Wakes the agent when the head should hear something before the next beat. Safe for use by several threads.</summary>
internal sealed class ExchangeSignal(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (ObjectDisposedException)
            {
                // An attempt may end after its worker: on its own thread, where nobody would catch this.
            }
        }
    }

    /// <summary>Returns when it is set, at the latest after this time, or when cancelled.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var beat = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellation);
        try
        {
            await _wake.WaitAsync(either.Token);
            Volatile.Write(ref _isSet, 0);
        }
        catch (OperationCanceledException)
        {
            // The beat, or the end; the caller looks which.
        }
    }

    public void Dispose() => _wake.Dispose();
}
