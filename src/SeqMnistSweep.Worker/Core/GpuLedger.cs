namespace SeqMnistSweep.Worker.Core;

/// <summary>What a worker knows of the memory of its GPUs: what is there, what programs of others have of it, and the most that a trial of
/// each sweep had. For one thread at a time.</summary>
/// <param name="total">Bytes of all its GPUs.</param>
/// <param name="others">What programs of others have, as the worker starts.</param>
/// <param name="gpus">How many GPUs.</param>
internal sealed class GpuLedger(long total, long others, int gpus, int slots)
{
    /// <summary>After so long in its slot a trial counts as measured: it may report for the first time in hours.</summary>
    public static readonly TimeSpan Measuring = TimeSpan.FromSeconds(10);

    private const int MaxSweeps = 100;

    private readonly List<SweepMemory> _measured = [];      // the newest last
    private long _others = others;

    /// <summary>Takes in a reading of the driver.</summary>
    /// <param name="own">What the worker's own processes have; null where that is not known, as in some containers.</param>
    public void Read(DeviceMemory memory, long? own) =>
        _others = own is { } known ? Math.Max(0, memory.Used - known) : Math.Min(_others, memory.Used);

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

    /// <param name="held">Trials that run or are about to: of which sweep, what its file asks for, and the most that they had so far.</param>
    public GpuShare Share(IReadOnlyCollection<(SweepId Sweep, long? Asked, long? Peak)> held)
    {
        var capacity = Math.Max(0, total - _others);
        var unknown = held.Where(one => one.Asked is null && NeedOf(one.Sweep) is null).Select(one => one.Sweep).Distinct();
        return new GpuShare
        {
            Capacity = capacity,
            Most = WorkerOffer.MemoryOfOne(capacity, gpus, slots) ?? capacity,
            Free = capacity - held.Sum(one => Math.Max(one.Asked ?? NeedOf(one.Sweep) ?? 0, one.Peak ?? 0)),
            Trials = held.Count,
            Sweeps = [.. _measured, .. unknown.Select(sweep => new SweepMemory(sweep, null))],
        };
    }
}
