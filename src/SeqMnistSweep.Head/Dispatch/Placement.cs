using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Workers;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>Which of the open sweeps gets a free slot: by priority, among equals by <see cref="FairShare"/>; and which gives one back
/// (<see cref="Preemption"/>). Rules only; it learns of the sweeps from their snapshots. For one thread at a time.</summary>
internal sealed class Placement
{
    /// <summary>How many turns ahead a sweep's next one is looked for.</summary>
    private const int MaxForeseen = 1000;

    private readonly List<OpenSweep> _open = [];      // the highest priority first, then the oldest

    public IReadOnlyList<OpenSweep> Open => _open;

    /// <summary>Whether a sweep goes before another at all.</summary>
    public bool HasRanks => _open is [var top, .., var bottom] && top.Sweep.Priority > bottom.Sweep.Priority;

    /// <summary>Takes a sweep in, or takes note that it was changed. It has a new place when its priority has changed.</summary>
    public void Put(SweepRecord sweep)
    {
        var entry = _open.Find(open => open.Id == sweep.Id);
        if (sweep.State.IsFinal())
        {
            _open.RemoveAll(open => open == entry);
            return;
        }

        if (entry?.Sweep.Priority != sweep.Priority)
        {
            var equals = _open.Where(open => open != entry && open.Sweep.Priority == sweep.Priority).Select(open => open.Share).ToList();
            if (entry is null)
            {
                _open.Add(entry = new OpenSweep(sweep));
            }

            entry.Share.Join(equals);
        }

        entry.Sweep = sweep;
        entry.Share.Weight = sweep.Weight;
        _open.Sort((a, b) => (-a.Sweep.Priority, a.Sweep.Created).CompareTo((-b.Sweep.Priority, b.Sweep.Created)));
    }

    /// <summary>Takes note of how an open sweep stands now.</summary>
    /// <param name="granted">Trials that it has granted since it was asked.</param>
    public void See(SweepSnapshot? seen, int granted = 0)
    {
        if (seen is not null && _open.Find(open => open.Id == seen.Sweep.Id) is { } entry)
        {
            if (!ReferenceEquals(entry.Sweep, seen.Sweep))
            {
                Put(seen.Sweep);
            }

            entry.Share.Tell(seen.Use, granted);
        }
    }

    /// <summary>Whether this sweep has the next slot, whatever others have had.</summary>
    public bool IsNext(SweepId sweep) =>
        _open is [var first, .. var others] && first.Id == sweep && !others.Exists(other => IsRival(first, other));

    /// <summary>Whether trials of this sweep may wait at a worker for a slot: not while another one of its rank, or above, waits for
    /// slots.</summary>
    public bool MayWorkAhead(SweepId sweep) => _open.Find(open => open.Id == sweep) is { Sweep.Priority: var priority } asked
        && !_open.Exists(other => other != asked && other.Sweep.Priority >= priority && other.Sweep.State.IsOpen());

    /// <summary>Whom to ask for trials, one after the other. The next one depends on how many the last one granted: set
    /// <see cref="Offer.Granted"/> first.</summary>
    /// <param name="except">A sweep that has granted all it can already.</param>
    public IEnumerable<Offer> Offers(GrantBudget budget, SweepId? except)
    {
        foreach (var equals in _open.Where(open => open.Id != except).GroupBy(open => open.Sweep.Priority).Select(group => group.ToList())
            .ToList())
        {
            while (!budget.IsEmpty && equals.Count > 0)
            {
                var turns = FairShare.Turns([.. equals.Select(open => open.Share)], budget.Slots);
                foreach (var (open, slots) in equals.Zip(turns).ToList())
                {
                    var offer = new Offer(open.Id, budget with { Slots = slots, Ahead = MayWorkAhead(open.Id) ? budget.Ahead : 0 });
                    if (offer.Budget.IsEmpty)
                    {
                        equals.RemoveAll(other => other == open && budget.Slots == 0);
                        continue;
                    }

                    open.Share.Ask(slots);
                    yield return offer;
                    open.Share.Ask(-slots);
                    budget = budget.Less(offer.Granted) with { Gpu = offer.Gpu };
                    if (offer.Granted < slots + offer.Budget.Ahead)
                    {
                        // It takes no more of this worker: what it did not use is for the others, and forgotten.
                        open.Share.Pass(FairShare.Now([.. equals.Select(equal => equal.Share)]));
                        equals.Remove(open);
                    }
                }
            }
        }
    }

    /// <summary>Trials that are to give their slots back, by the sweep that they belong to and the one that the slots are for.</summary>
    public IEnumerable<IGrouping<(SweepId Of, SweepId For), SlotHolder>> Preempted(IEnumerable<FleetWorker> workers)
    {
        var held = _open.Where(open => open.Ticked is not null)
            .SelectMany(open => open.Ticked!.Held.Select(lease => (lease.Worker, Holder: new SlotHolder(
                new TrialId(open.Id, lease.Trial), lease.Lease, open.Sweep.Priority, lease.Ran, lease.GivesBack))))
            .ToLookup(lease => lease.Worker, lease => lease.Holder);
        var slots = workers.Select(worker => new SlotsOfWorker(worker.Slots, worker.Offer, [.. held[worker.Name]], worker.Gpu)).ToList();
        var wishes = _open.Where(open => open.Sweep.State.IsOpen() && open.Ticked is { Startable: > 0 })
            .Select(open => new SlotWish(open.Id, open.Sweep.Priority, open.Ticked!.Startable, open.Ticked.PlacementConstraint));
        return Preemption.Of(wishes, slots).GroupBy(taken => (taken.Holder.Trial.Sweep, taken.For), taken => taken.Holder);
    }

    /// <summary>Who goes before this sweep, as a sentence; null when nobody does.</summary>
    public string? WhoIsAhead(SweepId sweep)
    {
        if (_open.Find(open => open.Id == sweep) is not { } asked) return null;

        if (_open.Find(other => other.Sweep.Priority > asked.Sweep.Priority && other.Sweep.State.IsOpen()
            && other.Ticked is { Startable: > 0 }) is { } first)
        {
            return $"sweep {first.Id} of priority {first.Sweep.Priority} goes first";
        }

        var equals = _open.Where(other => other == asked || IsRival(asked, other)).ToList();
        var (before, next) = FairShare.Wait([.. equals.Select(open => open.Share)], equals.IndexOf(asked), MaxForeseen);
        return before == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"sweep {equals[next].Id} of weight {equals[next].Share.Weight} is ahead; "
            + $"this one, of weight {asked.Share.Weight}, has its turn after {Plural.Of(before, "more trial")}");
    }

    /// <summary>Whether both may want the same slot, and neither goes first.</summary>
    private static bool IsRival(OpenSweep sweep, OpenSweep other) =>
        other != sweep && other.Sweep.Priority == sweep.Sweep.Priority && other.Sweep.State.IsOpen();
}

/// <summary>What one sweep may take of a worker.</summary>
internal sealed class Offer(SweepId sweep, GrantBudget budget)
{
    public SweepId Sweep => sweep;

    public GrantBudget Budget => budget;

    /// <summary>How many trials it took.</summary>
    public int Granted { get; set; }

    /// <summary>The memory of the worker's GPUs with them.</summary>
    public GpuShare? Gpu { get; set; } = budget.Gpu;
}

/// <summary>A sweep that is not over, as it was last seen.</summary>
internal sealed class OpenSweep(SweepRecord sweep)
{
    public SweepId Id => Sweep.Id;

    public SweepRecord Sweep { get; set; } = sweep;

    /// <summary>Its part among the sweeps of its priority.</summary>
    public SlotShare Share { get; } = new(sweep.Weight);

    /// <summary>As of its last tick; null where that failed.</summary>
    public SweepSnapshot? Ticked { get; set; }
}
