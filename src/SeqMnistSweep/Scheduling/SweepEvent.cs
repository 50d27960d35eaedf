using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Scheduling;

/// <summary>One entry of the event log.</summary>
/// <param name="What">What happened; everything that decides is in its fields.</param>
/// <param name="Reason">Why, as a sentence for people. Nothing reads it.</param>
/// <param name="By">Who asked for it: a user, <c>schedule</c>, <c>head</c>, or a worker's name.</param>
public sealed record SweepEvent(Occurrence What, string Reason, string By, DateTimeOffset Time);

/// <summary>What may happen to a sweep and its trials: one of the nested records, no other.</summary>
public abstract record Occurrence
{
    private Occurrence()
    {
    }

    /// <param name="Attempt">The attempt that began or ended with it, or the last one before it.</param>
    /// <param name="Failure">Set where <paramref name="Cause"/> is <see cref="TransitionCause.Failed"/>.</param>
    public sealed record TrialMoved(
        int Trial, int Attempt, TrialState From, TrialState To, TransitionCause Cause, FailureCause? Failure = null) : Occurrence;

    /// <summary>The sweep went to another state.</summary>
    public sealed record SweepMoved(SweepState From, SweepState To, SweepCause Cause) : Occurrence;

    /// <param name="State">The sweep's first.</param>
    public sealed record SweepSubmitted(SweepState State) : Occurrence;

    /// <summary>A user edited, extended or enqueued.</summary>
    public sealed record SweepChanged : Occurrence;

    /// <summary>A user changed what people keep of the sweep: its title, note, tags, or whether it is archived.</summary>
    public sealed record SweepLabelled : Occurrence;

    /// <summary>An adaptive sampler proposed the configuration of a trial.</summary>
    /// <param name="Known">What the sampler knew then.</param>
    public sealed record TrialProposed(int Trial, SearchMark Known) : Occurrence;

    /// <summary>An epoch was run again and its report differs from the stored one.</summary>
    public sealed record ReportMismatch(int Trial, int Attempt) : Occurrence;

    /// <summary>The checkpoint to resume from is missing or damaged.</summary>
    public sealed record CheckpointLost(int Trial, int Attempt) : Occurrence;

    /// <summary>A trial was to wait at a rung, and has no checkpoint to go on from later: those of its sweep are judged there and
    /// then.</summary>
    public sealed record CannotPause(int Trial, int Attempt) : Occurrence;

    /// <summary>The head deleted a checkpoint of an ended trial to make room.</summary>
    public sealed record CheckpointDropped(int Trial) : Occurrence;

    /// <summary>The head keeps a worker from further trials.</summary>
    public sealed record WorkerQuarantined(string Worker) : Occurrence;
}
