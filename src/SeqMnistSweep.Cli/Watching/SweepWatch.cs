using SeqMnistSweep.Grains;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>Asks a sweep for its status until it has ended.</summary>
internal sealed class SweepWatch(ISweepGrain sweep, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);

    /// <returns>The last status; not final when <paramref name="cancellation"/> came first.</returns>
    public async Task<SweepStatus> UntilEndAsync(ISweepView view, CancellationToken cancellation)
    {
        SweepStatus status = null!;
        await view.ShowAsync(async show =>
        {
            var seen = 0L;
            while (true)
            {
                status = await sweep.GetStatus(seen, CancellationToken.None);
                seen = status.Events.IsEmpty ? seen : status.Events[^1].Number;
                show(status);
                if (status.State.IsFinal() || cancellation.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(Every, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        return status;
    }
}
