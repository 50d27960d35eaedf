namespace SeqMnistSweep.Trials;

/// <summary>The states a sweep may go through.</summary>
public static class SweepTransitions
{
    /// <summary>Whether the sweep has ended. Only a user's asking for more leads out again, and nothing out of
    /// <see cref="SweepState.Cancelled"/>.</summary>
    public static bool IsFinal(this SweepState state) =>
        state is SweepState.Completed or SweepState.Stopped or SweepState.Failed or SweepState.Cancelled;

    /// <summary>Whether new trials may start.</summary>
    public static bool IsOpen(this SweepState state) => state is SweepState.Queued or SweepState.Running;

    /// <summary>Whether a sweep may go from one state to the other.</summary>
    public static bool IsAllowed(SweepState from, SweepState to) => from switch
    {
        SweepState.Queued => to is SweepState.Running or SweepState.Paused || to.IsFinal(),
        SweepState.Running => to is SweepState.Paused or SweepState.Stopping || to.IsFinal(),
        SweepState.Paused => to is SweepState.Running or SweepState.Stopping || to.IsFinal(),
        SweepState.Stopping => to.IsFinal(),
        // There is more to do: a retry, an extension, an enqueued point.
        SweepState.Completed or SweepState.Stopped or SweepState.Failed => to is SweepState.Running,
        _ => false,
    };
}
