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

    /// <summary>What the attempt has told of an epoch so far: it takes the place of what it had told of it before.</summary>
    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    public sealed record ReportAdded(int Trial, long Lease, int Attempt, EpochReport Report, DateTimeOffset Time) : SweepChange;

    /// <summary>Metrics of a step within an epoch; those of the same step before stay where these do not name them.</summary>
    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    public sealed record StepAdded(
        int Trial, long Lease, int Attempt, long Step, ImmutableSortedDictionary<string, double> Metrics, DateTimeOffset Time)
        : SweepChange;

    /// <summary>An attempt begins after <paramref name="Epoch"/>: what earlier ones reported beyond it no longer counts.</summary>
    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    public sealed record ReportsSuperseded(int Trial, long Lease, int Epoch) : SweepChange;

    /// <summary>A checkpoint of the trial; it takes the place of an earlier one of the same epoch and batch.</summary>
    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    public sealed record CheckpointAdded(
        int Trial, long Lease, int Attempt, CheckpointFile Checkpoint, DateTimeOffset Time) : SweepChange;

    /// <summary>The trial no longer needs this checkpoint. Its file goes when no other checkpoint of the trial has the same bytes.</summary>
    public sealed record CheckpointDropped(int Trial, CheckpointFile Checkpoint) : SweepChange;

    /// <summary>A checkpoint file of the trial is missing or damaged: every checkpoint with these bytes goes.</summary>
    public sealed record CheckpointFileLost(int Trial, string Digest) : SweepChange;

    /// <summary>An entry of the event log.</summary>
    public sealed record EventAdded(SweepEvent Event) : SweepChange;

    /// <summary>An attempt has ended that another may follow; of one that ends its trial for good the trial's row says all. A lease that
    /// was given back, or lost, before anything ran was no attempt.</summary>
    /// <param name="Lease">Under which it ran.</param>
    public sealed record AttemptEnded(int Trial, long Lease, AttemptRecord Attempt) : SweepChange;
}
