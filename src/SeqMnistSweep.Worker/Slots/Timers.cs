namespace SeqMnistSweep.Worker.Slots;

/// <summary>How long a trial may take.</summary>
internal static class Timers
{
    /// <summary>Timers reach no further; 49 days.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static AttemptEvent Overdue(TrialGrant grant) =>
        new AttemptEvent.Failed(FailureCause.Timeout, $"trial_time ({grant.TrialTime?.TotalSeconds:0.###} s) passed");
}
