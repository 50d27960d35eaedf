using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>A sweep that is not over, in the dispatcher's list.</summary>
internal sealed class OpenSweep(SweepId id, DateTimeOffset created)
{
    public SweepId Id => id;

    public DateTimeOffset Created => created;

    public int Priority { get; set; }

    /// <summary>Its part among the sweeps of its priority.</summary>
    public SlotShare Share { get; } = new(1);

    /// <summary>Trials that it could start when it was last heard, and where.</summary>
    public (int Startable, Fit? Fit) Wish { get; set; }

    /// <summary>As it was last heard.</summary>
    public SweepState State { get; set; }
}
