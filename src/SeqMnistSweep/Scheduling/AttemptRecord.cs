namespace SeqMnistSweep.Scheduling;

/// <summary>One attempt of a trial that has ended.</summary>
/// <param name="Number">Counted from 1 within the trial.</param>
/// <param name="Granted">When the head gave the lease.</param>
/// <param name="Started">When its runner had started; null when it failed or was lost before that.</param>
/// <param name="Outcome">The state that it left the trial in.</param>
/// <param name="Failure">Set where <paramref name="Cause"/> is <see cref="TransitionCause.Failed"/>.</param>
public sealed record AttemptRecord(
    int Number, string Worker, string? Device, DateTimeOffset Granted, DateTimeOffset? Started, DateTimeOffset Ended, TrialState Outcome,
    TransitionCause Cause, FailureCause? Failure)
{
    /// <summary>The cause as one word: that of the failure where it failed.</summary>
    public string CauseName => Cause.ToName(Failure);
}
