namespace SeqMnistSweep.Cli.Client;

/// <summary>Waits until no worker has cancelled trials in a slot any more.</summary>
internal static class SlotWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <returns>Who still has such a trial when patience ends; empty when all slots are free.</returns>
    /// <exception cref="CommandError">The head does not answer.</exception>
    public static async Task<IReadOnlyList<(string Worker, TrialId Trial)>> UntilFreeAsync(
        HeadSession session, Func<TrialId, bool> cancelled, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var holders = Holders(await session.HeadAsync(head => head.GetWorkers(), cancellation), cancelled);
            if (holders.Count == 0 || time.GetElapsedTime(start) > Patience) return holders;

            await Task.Delay(Every, time, cancellation);
        }
    }

    /// <summary>A worker that has left holds nothing; one that is lost may still be training.</summary>
    internal static IReadOnlyList<(string Worker, TrialId Trial)> Holders(IEnumerable<WorkerInfo> workers, Func<TrialId, bool> cancelled) =>
    [
        .. workers.Where(worker => worker.State != WorkerState.Gone)
            .SelectMany(
                worker => worker.Running.Where(running => cancelled(running.Trial)).Select(running => (worker.Name, running.Trial))),
    ];
}
