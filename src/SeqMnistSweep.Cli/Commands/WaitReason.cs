namespace SeqMnistSweep.Cli.Commands;

/// <summary>Why nothing of a sweep runs: as its head says, or as far as the database tells.</summary>
internal static class WaitReason
{
    /// <inheritdoc cref="Of" path="/returns"/>
    public static async Task<string?> OfAsync(ResultSource results, SweepRow sweep, CommandContext context, CancellationToken cancellation)
    {
        if (StateNames.Parse<SweepState>(sweep.State).IsFinal()) return null;

        if (results is FileResults file) return Of(sweep, file.Workers(), file.IsHeld, context.DatabaseArgument(file.Path));

        return (string?)(await results.AnswerAsync($"sweeps/{sweep.Sweep}/summary", cancellation))?["waits"];
    }

    /// <param name="sweep">One that has not ended.</param>
    /// <param name="isHeld">Whether a head or a run has the database.</param>
    /// <param name="database">What names it on a command line.</param>
    /// <returns>A sentence; null when a trial runs or the sweep has ended.</returns>
    public static string? Of(SweepRow sweep, IReadOnlyList<WorkerRow> workers, bool isHeld, string database = "")
    {
        if (!isHeld)
        {
            return $"nobody has this database open: to go on, seqsweep run {sweep.Sweep}{database}, or start a head";
        }

        if (sweep.Running > 0) return null;

        if (sweep.State == "paused")
        {
            return $"it is paused{(sweep.Reason is null ? "" : ": " + sweep.Reason)}";
        }

        var ready = workers.Count(worker => worker.State == "ready");
        return (workers.Count, ready, sweep.Queued) switch
        {
            (0, _, _) => "no worker has joined yet",
            (var all, 0, _) => $"none of the {all} workers takes trials: "
                + $"{string.Join(", ", workers.Take(5).Select(worker => $"{worker.Worker} is {worker.State}"))}",
            (_, _, 0) => "no trial is queued at the moment",
            (_, _, var queued) => $"{queued} trials are queued and no slot is free for them, or they wait after a failure",
        };
    }
}
