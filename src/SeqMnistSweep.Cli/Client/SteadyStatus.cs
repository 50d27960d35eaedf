namespace SeqMnistSweep.Cli.Client;

/// <summary>A sweep's status from a head that may go down and come back: waits for it as long as it takes, and says so.</summary>
internal sealed class SteadyStatus(HeadSession session, SweepId sweep, TimeProvider time, Action<string> talk)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <exception cref="CommandError">The head that came back is another version.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async Task<SweepStatus> GetAsync(long afterEvent, CancellationToken cancellation)
    {
        var told = false;
        while (true)
        {
            try
            {
                var status = await session.SweepAsync(sweep, grain => grain.GetStatus(afterEvent, cancellation), cancellation);
                if (told)
                {
                    talk("the head is back");
                }

                return status;
            }
            catch (HeadUnreachable error)
            {
                if (!told)
                {
                    talk($"{error.Message}; waiting for it (workers train on)");
                    told = true;
                }
            }

            await Task.Delay(RetryDelay, time, cancellation);
            await session.TryConnectAsync(cancellation);
        }
    }
}
