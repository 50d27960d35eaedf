namespace SeqMnistSweep.Trials;

/// <summary>Where a trial stands. In the database the names are written in lower case.</summary>
public enum TrialState
{
    /// <summary>Waits for a slot.</summary>
    Queued,

    /// <summary>Granted to a worker whose runner has not started yet.</summary>
    Leased,

    /// <summary>Its runner has started.</summary>
    Running,

    /// <summary>Waits at a rung, or gives its slot back.</summary>
    Paused,

    /// <summary>Its last epoch is done.</summary>
    Completed,

    /// <summary>Ended early by the pruner.</summary>
    Pruned,

    /// <summary>Its attempts failed; a user may have it tried again.</summary>
    Failed,

    /// <summary>Ended by a user, or with its sweep.</summary>
    Cancelled,
}

/// <summary>Where a sweep stands. In the database the names are written in lower case.</summary>
public enum SweepState
{
    /// <summary>No trial has been granted yet.</summary>
    Queued,

    /// <summary>Trials are granted.</summary>
    Running,

    /// <summary>No new trial starts until a user resumes it.</summary>
    Paused,

    /// <summary>No new trial starts; those that run end by themselves.</summary>
    Stopping,

    /// <summary>Every trial has ended, or the target was reached.</summary>
    Completed,

    /// <summary>Ended by a user or a limit.</summary>
    Stopped,

    /// <summary>Ended by a user at once, for good.</summary>
    Cancelled,

    /// <summary>No trial completed, or too many failed.</summary>
    Failed,
}

/// <summary>Why an attempt failed. In the database: <c>out_of_memory</c>, <c>worker_lost</c> and so on.</summary>
public enum FailureCause
{
    /// <summary>Host or device memory ran out.</summary>
    OutOfMemory,

    /// <summary>The loss became NaN or infinite.</summary>
    Diverged,

    /// <summary>The runner died by its own fault or broke the protocol.</summary>
    Crashed,

    /// <summary><c>limits.trial_time</c> passed.</summary>
    Timeout,

    /// <summary>The lease ran out, or the worker or its runner was killed.</summary>
    WorkerLost,

    /// <summary>Attempt after attempt took its worker down before one epoch was done.</summary>
    Poison,

    /// <summary>The configuration, the data or the device does not allow this trial at all.</summary>
    Invalid,

    /// <summary>It ended without a report of the sweep's metric.</summary>
    NoMetric,

    /// <summary>The worker's device does not work: the same trial may do well on another.</summary>
    Device,
}

/// <summary>What the schedule answers to a report.</summary>
public enum Verdict
{
    /// <summary>Goes on with the next epoch.</summary>
    Continue,

    /// <summary>Stop here: the trial is pruned.</summary>
    Stop,

    /// <summary>Keep the checkpoint and make room: the trial may be resumed later.</summary>
    Pause,
}
