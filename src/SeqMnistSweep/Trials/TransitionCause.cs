namespace SeqMnistSweep.Trials;

/// <summary>Why a trial came into its state. In the database: <c>sweep_ended</c>, <c>worker_lost</c> and so on.</summary>
public enum TransitionCause
{
    /// <summary>It was leased to a worker.</summary>
    Granted,

    /// <summary>Its runner has started.</summary>
    Started,

    /// <summary>Its last epoch is done.</summary>
    Finished,

    /// <summary>The pruner stopped it.</summary>
    Pruned,

    /// <summary>Its metric was NaN or infinite at a rung.</summary>
    NotFinite,

    /// <summary>It waits at a rung.</summary>
    AtRung,

    /// <summary>It goes on from its rung.</summary>
    Promoted,

    /// <summary>Others went on from its rung, for good.</summary>
    Outranked,

    /// <summary>A copy of a better trial of its population goes on in its place.</summary>
    Replaced,

    /// <summary>Its worker gave the slot back.</summary>
    Released,

    /// <summary>The slot was taken back for a sweep of higher priority.</summary>
    Preempted,

    /// <summary>The attempt failed; a <see cref="FailureCause"/> says how.</summary>
    Failed,

    /// <summary>The lease ran out, or its worker died.</summary>
    WorkerLost,

    /// <summary>The worker went down together with the head.</summary>
    HeadRestarted,

    /// <summary>The runner was killed from outside.</summary>
    Killed,

    /// <summary>The checkpoint to resume from is missing or damaged.</summary>
    CheckpointLost,

    /// <summary>A user cancelled this trial.</summary>
    Cancelled,

    /// <summary>Its sweep ended; an extension of the sweep makes it again.</summary>
    SweepEnded,

    /// <summary>A user had the failed trial tried again.</summary>
    Retried,

    /// <summary>It no longer became better, and has ended well.</summary>
    Converged,
}

/// <summary>The one word of a cause.</summary>
public static class TransitionCauseNames
{
    /// <summary>The failure's name for one that <see cref="TransitionCause.Failed"/>, else the cause's own.</summary>
    public static string ToName(this TransitionCause cause, FailureCause? failure) =>
        cause == TransitionCause.Failed && failure is { } how ? how.ToName() : cause.ToName();

    /// <summary>The inverse of <see cref="ToName"/>.</summary>
    /// <exception cref="FormatException"><paramref name="name"/> is no cause.</exception>
    public static (TransitionCause Cause, FailureCause? Failure) Parse(string name) =>
        StateNames.TryParse<TransitionCause>(name, out var cause)
            ? (cause, null)
            : (TransitionCause.Failed, StateNames.Parse<FailureCause>(name));
}
