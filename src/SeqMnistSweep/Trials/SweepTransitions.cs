using System.Collections.Frozen;

namespace SeqMnistSweep.Trials;

/// <summary>The states a sweep may go through, as data.</summary>
public static class SweepTransitions
{
    private static readonly FrozenSet<(SweepState From, SweepState To)> Allowed = new[]
    {
        (SweepState.Queued, SweepState.Running),
        (SweepState.Queued, SweepState.Paused),
        (SweepState.Queued, SweepState.Completed),    // nothing to do
        (SweepState.Queued, SweepState.Stopped),
        (SweepState.Queued, SweepState.Failed),
        (SweepState.Queued, SweepState.Cancelled),

        (SweepState.Running, SweepState.Paused),
        (SweepState.Running, SweepState.Stopping),
        (SweepState.Running, SweepState.Completed),
        (SweepState.Running, SweepState.Stopped),
        (SweepState.Running, SweepState.Failed),
        (SweepState.Running, SweepState.Cancelled),

        (SweepState.Paused, SweepState.Running),
        (SweepState.Paused, SweepState.Stopping),
        (SweepState.Paused, SweepState.Completed),    // the last running trials were the last of all
        (SweepState.Paused, SweepState.Stopped),
        (SweepState.Paused, SweepState.Failed),
        (SweepState.Paused, SweepState.Cancelled),

        (SweepState.Stopping, SweepState.Completed),  // the target was reached
        (SweepState.Stopping, SweepState.Stopped),
        (SweepState.Stopping, SweepState.Failed),
        (SweepState.Stopping, SweepState.Cancelled),

        (SweepState.Completed, SweepState.Running),   // there is more to do: a retry, an extension, an enqueued point
        (SweepState.Stopped, SweepState.Running),
        (SweepState.Failed, SweepState.Running),
    }.ToFrozenSet();

    /// <summary>Whether the sweep has ended. Only a user's asking for more leads out again, and nothing out of
    /// <see cref="SweepState.Cancelled"/>.</summary>
    public static bool IsFinal(this SweepState state) =>
        state is SweepState.Completed or SweepState.Stopped or SweepState.Cancelled or SweepState.Failed;

    /// <summary>Whether new trials may start.</summary>
    public static bool IsOpen(this SweepState state) => state is SweepState.Queued or SweepState.Running;

    /// <summary>Whether the table has the transition.</summary>
    public static bool IsAllowed(SweepState from, SweepState to) => Allowed.Contains((from, to));
}
