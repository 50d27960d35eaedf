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

    /// <param name="hasOthers">Whether another worker is ready, which tells the trial's fault from that of this one.</param>
    public static RetryDecision Decide(
        TrialRecord trial, FailureCause cause, RetryPolicy policy, bool sweepEnds, DateTimeOffset now, bool hasOthers) =>
        sweepEnds ? RetryDecision.None
        : cause == FailureCause.OutOfMemory && !trial.Alone && IsOnGpu(trial) ? RetryDecision.Alone
        : policy.On.Contains(cause) && trial.Failures < policy.Max && !WouldFailAgain(trial, cause, policy, now, hasOthers)
            ? RetryDecision.AfterBackoff
        : RetryDecision.None;

    /// <summary>Doubles with every failure of the trial, up to 1,024 times the first.</summary>
    public static TimeSpan BackoffAfter(int failures, RetryPolicy policy) =>
        policy.Backoff * Math.Pow(2, Math.Min(failures - 1, MaxDoublings));

    /// <summary>What crashes at its very start does so each time, unless it was its worker's fault. Who writes <c>retry.max</c>, or asks for
    /// trials, knows better.</summary>
    private static bool WouldFailAgain(TrialRecord trial, FailureCause cause, RetryPolicy policy, DateTimeOffset now, bool hasOthers) =>
        cause == FailureCause.Crashed && !policy.IsGiven && trial.FurthestEpoch == 0 && trial.LeaseLife is null
        && FirstFailures.IsSoon(SlotAccounting.SecondsSince(trial.AttemptStarted, now))
        && !(hasOthers && trial.Failures == 0);

    private static bool IsOnGpu(TrialRecord trial) => trial.Device?.StartsWith("cuda", StringComparison.Ordinal) == true;
}
