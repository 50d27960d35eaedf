namespace SeqMnistSweep.Worker.Core;

/// <summary>What a worker knows of the memory of its GPUs: what is there, what programs of others have of it, and the most that a trial of
/// each sweep had. Each GPU by itself: a trial must fit into those that it uses. For one thread at a time.</summary>
/// <param name="gpus">As the worker starts: what is taken there is of others.</param>
internal sealed class GpuLedger(IReadOnlyList<DeviceMemory> gpus, int slots)
{
    /// <summary>After so long in its slot a trial counts as measured: it may report for the first time in hours.</summary>
    public static readonly TimeSpan Measuring = TimeSpan.FromSeconds(10);

    private const int MaxSweeps = 100;

    private readonly List<SweepMemory> _measured = [];      // the newest last
    private readonly long[] _totals = [.. gpus.Select(gpu => gpu.Total)];
    private readonly long[] _others = [.. gpus.Select(gpu => gpu.Used)];

    /// <summary>Whether slots share several GPUs: then it matters which of them a trial gets.</summary>
    public bool SharesSeveral => _totals.Length > 1 && slots > _totals.Length;

    /// <summary>A slot has one group of GPUs to itself, or shares one GPU with others.</summary>
    private int Groups => Math.Min(_totals.Length, slots);

    /// <summary>Takes in a reading of the driver.</summary>
    /// <param name="readings">Of each GPU, and of it what the worker's own processes have; null where that is not known, as in some
    /// containers.</param>
    public void Read(IReadOnlyList<(DeviceMemory Memory, long? Own)> readings)
    {
        for (var i = 0; i < Math.Min(_others.Length, readings.Count); i++)
        {
            var (memory, own) = readings[i];
            _others[i] = own is { } known ? Math.Max(0, memory.Used - known) : Math.Min(_others[i], memory.Used);
        }
    }

    /// <summary>A trial of the sweep had so much; the most stands.</summary>
    /// <param name="bytes">0 where nobody knows.</param>
    public void Measure(SweepId sweep, long bytes)
    {
        var known = NeedOf(sweep) ?? 0;
        _measured.RemoveAll(one => one.Sweep == sweep);
        _measured.Add(new SweepMemory(sweep, Math.Max(known, bytes)));
        if (_measured.Count > MaxSweeps)
        {
            _measured.RemoveAt(0);
        }
    }

    /// <summary>Null before one was measured.</summary>
    public long? NeedOf(SweepId sweep) => _measured.Find(one => one.Sweep == sweep)?.Bytes;

    /// <summary>Those of the free slots whose GPU has the most memory left: whatever fits beside each other there fits in any order.</summary>
    public IReadOnlyList<int> Roomiest(IReadOnlyCollection<int> free, IReadOnlyCollection<HeldMemory> held)
    {
        var left = Left(held);
        return free.Order().GroupBy(GroupOf).OrderByDescending(group => left[group.Key]).ThenBy(group => group.Key).FirstOrDefault()
            ?.ToList() ?? [];
    }

    /// <param name="held">Trials that run or are about to.</param>
    /// <param name="free">Slots in which none runs.</param>
    public GpuShare Share(IReadOnlyCollection<HeldMemory> held, IReadOnlyCollection<int> free)
    {
        var (left, capacities) = (Left(held), Enumerable.Range(0, Groups).Select(CapacityOf).ToList());
        var unknown = held.Where(one => one.Asked is null && NeedOf(one.Sweep) is null).Select(one => one.Sweep).Distinct();
        var share = new GpuShare
        {
            Capacity = capacities.Sum(),
            Most = capacities.Max(),
            Free = left[0],
            Trials = held.Count,
            Sweeps = [.. _measured, .. unknown.Select(sweep => new SweepMemory(sweep, null))],
        };
        if (Groups == 1) return share;

        if (!SharesSeveral)
        {
            // No two trials share a GPU, and each slot has as much as the poorest.
            var most = capacities.Min();
            return share with { Capacity = most * slots, Most = most, Free = most * Math.Max(0, slots - held.Count) };
        }

        var best = Roomiest(free, held) is [var slot, ..] ? GroupOf(slot) : Array.IndexOf(left, left.Max());
        return share with { Free = left[best], FreeElsewhere = [.. left.Where((_, group) => group != best)] };
    }

    private int GroupOf(int slot) => slot % Groups;

    /// <summary>A trial that uses several GPUs needs of each the same.</summary>
    private long CapacityOf(int group)
    {
        var each = _totals.Length / Groups;
        return each * Enumerable.Range(group * each, each).Min(gpu => Math.Max(0, _totals[gpu] - _others[gpu]));
    }

    /// <summary>Of each group. A trial that waits for a slot may get any.</summary>
    private long[] Left(IReadOnlyCollection<HeldMemory> held) =>
    [
        .. Enumerable.Range(0, Groups).Select(group => CapacityOf(group) - held
            .Where(one => one.Slot is not { } slot || GroupOf(slot) == group)
            .Sum(one => Math.Max(one.Asked ?? NeedOf(one.Sweep) ?? 0, one.Peak ?? 0))),
    ];
}

/// <summary>A trial that runs or is about to.</summary>
/// <param name="Slot">Null while it waits for one.</param>
/// <param name="Asked">By its sweep file; null where that does not say.</param>
/// <param name="Peak">The most that it had so far; null where nobody knows.</param>
internal sealed record HeldMemory(SweepId Sweep, int? Slot, long? Asked, long? Peak);
