namespace SeqMnistSweep.Scheduling;

/// <summary>What becomes of a trial whose attempt failed.</summary>
internal enum RetryDecision
{
    /// <summary>The trial has failed.</summary>
    None,

    /// <summary>It is tried again after a back-off, and the failure counts.</summary>
    AfterBackoff,

    /// <summary>It is tried again with a device to itself: others may have taken the memory that was missing.</summary>
    Alone,
}

/// <summary>Whether a failed attempt is tried again.</summary>
internal static class RetryRules
{
    private const int MaxDoublings = 10;

    /// <param name="wouldFailAgain">Whether the next attempt is sure to fail likewise.</param>
    public static RetryDecision Decide(TrialRecord trial, FailureCause cause, RetryPolicy policy, bool sweepEnds, bool wouldFailAgain) =>
        sweepEnds ? RetryDecision.None
        : cause == FailureCause.OutOfMemory && !trial.Alone && IsOnGpu(trial) ? RetryDecision.Alone
        : policy.On.Contains(cause) && trial.Failures < policy.Max && !wouldFailAgain
            ? RetryDecision.AfterBackoff
        : RetryDecision.None;

    /// <summary>Doubles with every failure of the trial, and with every kill after the first, up to 1,024 times the first.</summary>
    public static TimeSpan BackoffAfter(TrialRecord trial, RetryPolicy policy) =>
        policy.Backoff * Math.Pow(2, Math.Min(Math.Max(trial.Failures, trial.KillsInARow - 1) - 1, MaxDoublings));

    /// <summary>A user's program that crashes at its very start does so each time, unless it was its worker's fault or somebody kills it. Who
    /// writes <c>retry.max</c>, or asks for trials, knows better.</summary>
    /// <param name="hasOthers">Whether another worker is ready, which tells the trial's fault from that of this one.</param>
    public static bool WouldFailAgain(TrialRecord trial, FailureCause cause, RetryPolicy policy, DateTimeOffset now, bool hasOthers) =>
        cause == FailureCause.Crashed && !policy.IsGiven && trial.FurthestEpoch == 0 && trial.LeaseLife is null && trial.KillsInARow == 0
        && FirstFailures.IsSoon(SlotAccounting.SecondsSince(trial.AttemptStarted, now))
        && !(hasOthers && trial.Failures == 0);

    private static bool IsOnGpu(TrialRecord trial) => trial.Device?.StartsWith("cuda", StringComparison.Ordinal) == true;
}
