namespace SeqMnistSweep.Trials;

/// <summary>The states a trial may go through. Any other way is a bug in the schedule.</summary>
public static class TrialTransitions
{
    /// <summary>Whether the trial holds a slot.</summary>
    public static bool IsActive(this TrialState state) => state is TrialState.Leased or TrialState.Running;

    /// <summary>Whether the trial has ended. Only a user's retry leads out of <see cref="TrialState.Failed"/>, nothing else does.</summary>
    public static bool IsFinal(this TrialState state) =>
        state is TrialState.Completed or TrialState.Pruned or TrialState.Failed or TrialState.Cancelled;

    /// <summary>Whether nothing at all leads out of the state.</summary>
    public static bool IsForGood(this TrialState state) => state.IsFinal() && state != TrialState.Failed;

    /// <summary>Whether a trial may go from one state to the other.</summary>
    public static bool IsAllowed(TrialState from, TrialState to) => from switch
    {
        TrialState.Queued => to is TrialState.Leased or TrialState.Cancelled,
        // Queued again: the lease was lost or given back, or it failed and is to be tried again. Failed: refused by the runner.
        TrialState.Leased => to is TrialState.Running or TrialState.Queued or TrialState.Failed or TrialState.Cancelled,
        // Paused: gives its slot back, with a checkpoint.
        TrialState.Running => to is TrialState.Paused or TrialState.Queued || to.IsFinal(),
        // Completed: the rung at which it was to wait was its last epoch.
        TrialState.Paused => to is TrialState.Queued or TrialState.Completed or TrialState.Pruned or TrialState.Cancelled,
        TrialState.Failed => to is TrialState.Queued,
        _ => false,
    };
}
