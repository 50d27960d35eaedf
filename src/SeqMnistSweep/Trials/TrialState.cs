namespace SeqMnistSweep.Trials;

/// <summary>Where a trial stands. In the database the names are written in lower case.</summary>
public enum TrialState
{
    Queued,
    Leased,
    Running,
    Paused,
    Completed,
    Pruned,
    Failed,
    Cancelled,
}

/// <summary>Where a sweep stands. In the database the names are written in lower case.</summary>
public enum SweepState
{
    Queued,
    Running,
    Paused,
    Stopping,
    Completed,
    Stopped,
    Cancelled,
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
}

/// <summary>What the schedule answers to a report.</summary>
public enum Verdict
{
    Continue,

    /// <summary>Stop here: the trial is pruned.</summary>
    Stop,

    /// <summary>Keep the checkpoint and make room: the trial may be resumed later.</summary>
    Pause,
}
