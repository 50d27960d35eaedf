using System.Threading.Channels;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Wakes the agent when the head should hear something before the next beat. Safe for use by several threads.</summary>
internal sealed class ExchangeSignal(TimeProvider time)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _wake.Writer.TryWrite(true);

    /// <summary>Returns when it is set, at the latest after this time, or when cancelled.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var beat = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellation);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The beat, or the end; the caller looks which.
        }
    }
}
