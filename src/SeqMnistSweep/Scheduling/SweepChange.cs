using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>One durable change that a schedule asks for: a closed set. The changes of one decision are written in one transaction.</summary>
public abstract record SweepChange
{
    private SweepChange()
    {
    }

    public sealed record SweepAdded(SweepRecord Sweep) : SweepChange;

    /// <summary>Replaces the sweep's state, cursor, counters and times.</summary>
    public sealed record SweepUpdated(SweepRecord Sweep) : SweepChange;

    public sealed record TrialAdded(TrialRecord Trial) : SweepChange;

    /// <summary>Replaces everything that can change of a trial, if its stored lease is still <paramref name="HeldLease"/> and it is not in a final state; otherwise the writer is fenced and nothing of the transaction is applied.</summary>
    public sealed record TrialUpdated(TrialRecord Trial, long HeldLease) : SweepChange;

    /// <summary>The first report of an epoch stands; a second one is ignored.</summary>
    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    public sealed record ReportAdded(int Trial, long Lease, int Attempt, EpochReport Report, DateTimeOffset Time) : SweepChange;

    /// <param name="Lease">Must be the stored one, else the writer is fenced.</param>
    /// <param name="From">The trial whose file it is, to be copied first; null for the trial's own.</param>
    public sealed record CheckpointAdded(int Trial, long Lease, int Attempt, CheckpointFile Checkpoint, DateTimeOffset Time, int? From = null) : SweepChange;

    /// <summary>The file is no longer needed by this trial.</summary>
    public sealed record CheckpointDropped(int Trial, string Digest) : SweepChange;

    public sealed record EventAdded(SweepEvent Event) : SweepChange;
}

/// <summary>One row of the event log: what happened, to whom, when and why.</summary>
/// <param name="Trial">Null for an event of the sweep itself.</param>
/// <param name="Kind">A short stable word: <c>state</c>, <c>report_mismatch</c>, <c>action</c>, ...</param>
/// <param name="From">State before, where the event is a transition.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="By">Who asked for it: a user, <c>schedule</c>, or a worker's name.</param>
public sealed record SweepEvent(int? Trial, string Kind, string? From, string? To, string Reason, string By, DateTimeOffset Time, int? Attempt = null)
{
    /// <summary>The kind of a transition.</summary>
    public const string StateKind = "state";
}
