using System.Collections.Frozen;

namespace SeqMnistSweep.Trials;

/// <summary>The states a trial may go through, as data. What is not in the table is a bug in the schedule.</summary>
public static class TrialTransitions
{
    private static readonly FrozenDictionary<TrialState, TrialState[]> Next = new Dictionary<TrialState, TrialState[]>
    {
        [TrialState.Queued] = [TrialState.Leased, TrialState.Cancelled],
        // Queued again: the lease was lost or given back, or it failed and is to be tried again. Failed: refused by the runner.
        [TrialState.Leased] = [TrialState.Running, TrialState.Queued, TrialState.Failed, TrialState.Cancelled],
        // Paused: gives its slot back, with a checkpoint.
        [TrialState.Running] = [TrialState.Completed, TrialState.Pruned, TrialState.Failed, TrialState.Cancelled, TrialState.Paused,
            TrialState.Queued],
        // Completed: the rung at which it was to wait was its last epoch.
        [TrialState.Paused] = [TrialState.Queued, TrialState.Completed, TrialState.Pruned, TrialState.Cancelled],
        [TrialState.Failed] = [TrialState.Queued],
    }.ToFrozenDictionary();

    /// <summary>Whether the trial holds a slot.</summary>
    public static bool IsActive(this TrialState state) => state is TrialState.Leased or TrialState.Running;

    /// <summary>Whether the trial has ended. Only a user's retry leads out of <see cref="TrialState.Failed"/>, nothing else does.</summary>
    public static bool IsFinal(this TrialState state) =>
        state is TrialState.Completed or TrialState.Pruned or TrialState.Failed or TrialState.Cancelled;

    /// <summary>Whether nothing at all leads out of the state.</summary>
    public static bool IsForGood(this TrialState state) => !Next.ContainsKey(state);

    /// <summary>Whether the table has the transition.</summary>
    public static bool IsAllowed(TrialState from, TrialState to) => Next.TryGetValue(from, out var next) && next.Contains(to);
}
