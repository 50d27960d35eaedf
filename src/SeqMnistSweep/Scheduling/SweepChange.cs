namespace SeqMnistSweep.Scheduling;

/// <summary>One durable change that a schedule asks for: a closed set. The changes of one decision are written in one
/// transaction.</summary>
public abstract record SweepChange
{
    private SweepChange()
    {
    }

    /// <summary>A new sweep.</summary>
    public sealed record SweepAdded(SweepRecord Sweep) : SweepChange;

    /// <summary>Replaces the sweep's state, cursor, counters and times.</summary>
    public sealed record SweepUpdated(SweepRecord Sweep) : SweepChange;

    /// <summary>A new trial.</summary>
    public sealed record TrialAdded(TrialRecord Trial) : SweepChange;

    /// <summary>Replaces everything that can change of a trial, if its stored lease is still <paramref name="HeldLease"/> and it is not in
    /// a final state; otherwise the writer is fenced and nothing of the transaction is applied.</summary>
    public sealed record TrialUpdated(TrialRecord Trial, long HeldLease) : SweepChange;

    /// <summary>The first report of an epoch stands; a second one is ignored.</summary>
    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    public sealed record ReportAdded(int Trial, long Lease, int Attempt, EpochReport Report, DateTimeOffset Time) : SweepChange;

    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    /// <param name="From">The trial whose file it is, to be copied first; null for the trial's own.</param>
    public sealed record CheckpointAdded(
        int Trial, long Lease, int Attempt, CheckpointFile Checkpoint, DateTimeOffset Time, int? From = null) : SweepChange;

    /// <summary>The file is no longer needed by this trial.</summary>
    public sealed record CheckpointDropped(int Trial, string Digest) : SweepChange;

    /// <summary>An entry of the event log.</summary>
    public sealed record EventAdded(SweepEvent Event) : SweepChange;

    /// <summary>An attempt has ended that another may follow; of one that ends its trial for good the trial's row says all. A lease that
    /// was given back, or lost, before anything ran was no attempt.</summary>
    /// <param name="Lease">Under which it ran.</param>
    public sealed record AttemptEnded(int Trial, long Lease, AttemptRecord Attempt) : SweepChange;
}
