namespace SeqMnistSweep.Head.Dispatch;

/// <summary>Why nothing of a sweep runs, as a sentence.</summary>
internal static class WaitReasons
{
    private const int MaxNamed = 5;

    /// <param name="paused">By whom and why, when it is paused.</param>
    /// <param name="trouble">Why nothing can be stored; null when all is well.</param>
    /// <param name="ahead">Who goes first, as a sentence; null when nobody does.</param>
    /// <returns>Null when the sweep has ended, or something runs and can be stored.</returns>
    public static string? Of(
        SweepStanding sweep, string? paused, IReadOnlyCollection<WorkerInfo> workers, string? trouble, string? ahead = null)
    {
        if (sweep.State.IsFinal()) return null;

        if (trouble is not null) return HeadStore.TroubleSentence(trouble, sweep.Running > 0);

        if (sweep.Running > 0) return null;

        return sweep switch
        {
            { State: SweepState.Paused } => $"it is paused{(paused is null ? "" : " " + paused)}",
            { State: SweepState.Stopping } => "it is stopping: no new trial starts",
            { Leased: > 0, MaxParallel: { } limit } when sweep.Leased >= limit =>
                $"max_parallel ({limit}) is reached by trials that are about to start",
            { Leased: > 0 } => $"granted and about to start: {Plural.Of(sweep.Leased, "trial")}",
            _ => OfWorkers(sweep, workers, ahead),
        };
    }

    private static string OfWorkers(SweepStanding sweep, IReadOnlyCollection<WorkerInfo> workers, string? ahead)
    {
        var there = workers.Where(worker => worker.State is not (WorkerState.Gone or WorkerState.Lost)).ToList();
        var ready = there.Where(worker => worker.State == WorkerState.Ready).ToList();
        var fitting = ready.Where(worker => sweep.PlacementConstraint.Takes(worker.ToOffer())).ToList();
        if (fitting.Count == 0)
        {
            return workers.Count == 0 ? "no worker has joined yet"
                : there.Count == 0 ? $"no worker is there: {Names(workers, worker => $"{worker.Name} is {worker.State.ToName()}")}"
                : ready.Count == 0 ? "no worker takes trials: "
                    + Names(there, worker => worker.Reason is { } why ? $"{worker.Name} ({why})" : worker.Name)
                : $"no worker fits: it needs {sweep.PlacementConstraint}; ready are {Names(ready, worker => worker.Name)}";
        }

        if (sweep.Until is { } until)
        {
            return $"what is left failed before and is tried again at {until.UtcDateTime:HH:mm:ss} UTC";
        }

        var slots = fitting.Sum(worker => worker.Slots);
        var others = fitting.SelectMany(worker => worker.Running).Select(running => running.Trial.Sweep).Distinct()
            .Order(Comparer<SweepId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value))).ToList();
        return fitting.Sum(worker => worker.Running.Length) >= slots && slots > 0
            ? $"{Plural.Of(slots, "slot")}, all busy with "
                + Names(others, other => other == sweep.Sweep ? "its own trials" : $"sweep {other}") + (ahead is null ? "" : "; " + ahead)
            : ahead ?? FullGpus(sweep, fitting) ?? "a worker takes its next trial within a second";
    }

    private static string? FullGpus(SweepStanding sweep, IReadOnlyCollection<WorkerInfo> workers)
    {
        var full = workers.Where(worker => worker.Running.Length < worker.Slots)
            .Select(worker => (worker.Name, Why: worker.Gpu?.WhyNot(sweep.Sweep, sweep.PlacementConstraint.GpuMemory))).ToList();
        return full.Count == 0 || full.Exists(worker => worker.Why is null) ? null
            : Names(full, worker => $"{worker.Name}: {worker.Why}");
    }

    private static string Names<T>(IReadOnlyCollection<T> items, Func<T, string> name) =>
        string.Join(", ", items.Take(MaxNamed).Select(name)) + (items.Count > MaxNamed ? $" and {items.Count - MaxNamed} more" : "");
}

/// <summary>What of a sweep says why it waits.</summary>
/// <param name="Leased">Granted, not started yet.</param>
/// <param name="Until">When the first back-off ends, where nothing else is left to start.</param>
internal sealed record SweepStanding(
    SweepId Sweep, SweepState State, int Running, int Leased, int? MaxParallel, DateTimeOffset? Until,
    PlacementConstraint PlacementConstraint);
