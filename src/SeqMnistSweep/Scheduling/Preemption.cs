namespace SeqMnistSweep.Scheduling;

/// <summary>A sweep that wants slots.</summary>
/// <param name="Wants">Trials that it could start now.</param>
public sealed record SlotWish(SweepId Sweep, int Priority, int Wants, PlacementConstraint PlacementConstraint);

/// <summary>A worker's slots, and who has them.</summary>
/// <param name="Held">Leases there; those that are taken back already are among them.</param>
/// <param name="Gpu">The memory of its GPUs; null on a CPU, and where nobody knows.</param>
public sealed record SlotsOfWorker(int Slots, WorkerOffer Offer, IReadOnlyList<SlotHolder> Held, GpuShare? Gpu = null)
{
    /// <summary>Trials of a sweep for which the GPU has memory now. Whether its first one there is being measured does not matter: that is
    /// over soon.</summary>
    /// <param name="left">Bytes, without those of <see cref="GpuShare.FreeElsewhere"/>.</param>
    internal int Fit(SlotWish wish, long left) =>
        Gpu?.NeedOf(wish.Sweep, wish.PlacementConstraint.GpuMemory) is > 0 and var needed
            ? (int)Math.Min(Slots, Gpu.FreeElsewhere.Append(left).Sum(free => Math.Max(0, free) / needed))
            : Slots;
}

/// <param name="Ran">Since its grant.</param>
/// <param name="Leaves">Whether its slot is taken back already.</param>
public sealed record SlotHolder(TrialId Trial, long Lease, int Priority, TimeSpan Ran, bool Leaves);

/// <summary>Which trials give their slots back, by a checkpoint at their next batch, for sweeps of strictly higher priority that wait: as
/// many as those can start, less the slots that are free or coming free and on a GPU have the memory. The lowest priority first, and within it who has run for the
/// shortest time: it loses least. Among equals nobody is ever taken a slot, so what was given up for a sweep can only go to it or to one
/// above.</summary>
public static class Preemption
{
    /// <summary>What has just begun may end by itself sooner than it could be asked to.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <param name="wishes">Of all open sweeps, the highest priority first.</param>
    /// <param name="workers">That take trials.</param>
    public static IReadOnlyList<(SlotHolder Holder, SweepId For)> Of(IEnumerable<SlotWish> wishes, IReadOnlyList<SlotsOfWorker> workers)
    {
        var free = workers.Select(worker => Math.Max(0, worker.Slots - worker.Held.Count(held => !held.Leaves))).ToArray();
        var memory = workers.Select(worker => worker.Gpu?.Free ?? 0).ToArray();
        var taken = new List<(SlotHolder, SweepId)>();
        var gone = new HashSet<TrialId>();
        foreach (var wish in wishes)
        {
            var fitting = Enumerable.Range(0, workers.Count).Where(i => wish.PlacementConstraint.Takes(workers[i].Offer)).ToList();
            var wants = wish.Wants;
            foreach (var i in fitting)
            {
                // Each trial that leaves makes room for one: how much memory it has is seen when it has left.
                var fit = workers[i].Fit(wish, memory[i]);
                var gets = Math.Min(Math.Min(wants, free[i]), fit + workers[i].Held.Count(held => held.Leaves));
                wants -= gets;
                free[i] -= gets;
                memory[i] -= gets * (workers[i].Gpu?.NeedOf(wish.Sweep, wish.PlacementConstraint.GpuMemory) ?? 0);
            }

            var lower = fitting.SelectMany(i => workers[i].Held)
                .Where(held => held.Priority < wish.Priority && !held.Leaves && held.Ran >= Settling && !gone.Contains(held.Trial))
                .OrderBy(held => held.Priority).ThenBy(held => held.Ran).ThenBy(held => held.Trial.ToString(), StringComparer.Ordinal);
            foreach (var held in lower.Take(Math.Max(0, wants)))
            {
                gone.Add(held.Trial);
                taken.Add((held, wish.Sweep));
            }
        }

        return taken;
    }
}
