using System.Collections.Frozen;

namespace SeqMnistSweep.Trials;

/// <summary>The states a trial may go through, as data. What is not in the table is a bug in the schedule.</summary>
public static class TrialTransitions
{
    private static readonly FrozenSet<(TrialState From, TrialState To)> Allowed = new[]
    {
        (TrialState.Queued, TrialState.Leased),       // granted to a slot
        (TrialState.Queued, TrialState.Cancelled),

        (TrialState.Leased, TrialState.Running),      // the runner has started
        (TrialState.Leased, TrialState.Queued),       // lease lost, given back, or failed and to be tried again
        (TrialState.Leased, TrialState.Failed),       // refused by the runner
        (TrialState.Leased, TrialState.Cancelled),

        (TrialState.Running, TrialState.Completed),
        (TrialState.Running, TrialState.Pruned),
        (TrialState.Running, TrialState.Failed),
        (TrialState.Running, TrialState.Cancelled),
        (TrialState.Running, TrialState.Paused),      // gives its slot back, with a checkpoint
        (TrialState.Running, TrialState.Queued),      // lease lost, or failed and to be tried again

        (TrialState.Paused, TrialState.Queued),
        (TrialState.Paused, TrialState.Pruned),       // others went on from its rung
        (TrialState.Paused, TrialState.Cancelled),

        (TrialState.Failed, TrialState.Queued),       // a user's retry
    }.ToFrozenSet();

    /// <summary>Whether the trial holds a slot.</summary>
    public static bool IsActive(this TrialState state) => state is TrialState.Leased or TrialState.Running;

    /// <summary>Whether the trial has ended. Only a user's retry leads out of <see cref="TrialState.Failed"/>, nothing out of the
    /// others.</summary>
    public static bool IsFinal(this TrialState state) =>
        state is TrialState.Completed or TrialState.Pruned or TrialState.Failed or TrialState.Cancelled;

    /// <summary>Whether the table has the transition.</summary>
    public static bool IsAllowed(TrialState from, TrialState to) => Allowed.Contains((from, to));
}
