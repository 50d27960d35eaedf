using SeqMnistSweep.Head.Sweeps;

namespace SeqMnistSweep.Head.Dispatch;

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
