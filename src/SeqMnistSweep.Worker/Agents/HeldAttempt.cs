using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>A lease of this worker, from its grant until there is nothing left to tell: it waits, runs in a slot, or waits for its uploads. The pool's gate guards it.</summary>
internal sealed class HeldAttempt
{
    public required TrialGrant Grant { get; init; }

    public Attempt Attempt { get; set; } = null!;

    public Telling Telling { get; set; } = null!;

    /// <summary>Null before and after its time in a slot.</summary>
    public Slot? Slot { get; set; }

    /// <summary>Timestamp of the grant, then of its entry into the slot, then of its start there.</summary>
    public long Since { get; set; }

    /// <summary>It will not run any more.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Its last word is in the outbox, or no longer wanted.</summary>
    public bool IsTold { get; set; }

    public (TrialId Trial, long Lease) Key => (Grant.Trial, Grant.Lease);
}
