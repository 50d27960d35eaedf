using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Cli.Client;

/// <summary>A worker by its name, before anything is asked of it.</summary>
internal static class WorkerReference
{
    /// <exception cref="CommandError">The head knows no such worker, or does not answer.</exception>
    public static async Task<WorkerInfo> RequireAsync(HeadSession session, string name, CancellationToken cancellation)
    {
        var workers = await session.HeadAsync(head => head.GetWorkers(), cancellation);
        if (workers.FirstOrDefault(worker => worker.Name == name) is { } found) return found;

        var nearest = NearestName.Of(name, workers.Select(worker => worker.Name));
        throw new CommandError(
            ExitCodes.NotFound, $"there is no worker '{name}'",
            nearest is null ? "all of them: seqsweep workers" : $"did you mean '{nearest}'?");
    }
}
