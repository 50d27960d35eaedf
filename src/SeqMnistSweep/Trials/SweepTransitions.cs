using System.Collections.Frozen;

namespace SeqMnistSweep.Trials;

/// <summary>The states a sweep may go through, as data.</summary>
public static class SweepTransitions
{
    private static readonly SweepState[] Ends = [SweepState.Completed, SweepState.Stopped, SweepState.Failed, SweepState.Cancelled];

    private static readonly FrozenDictionary<SweepState, SweepState[]> Next = new Dictionary<SweepState, SweepState[]>
    {
        [SweepState.Queued] = [SweepState.Running, SweepState.Paused, .. Ends],
        [SweepState.Running] = [SweepState.Paused, SweepState.Stopping, .. Ends],
        [SweepState.Paused] = [SweepState.Running, SweepState.Stopping, .. Ends],
        [SweepState.Stopping] = Ends,
        // There is more to do: a retry, an extension, an enqueued point.
        [SweepState.Completed] = [SweepState.Running],
        [SweepState.Stopped] = [SweepState.Running],
        [SweepState.Failed] = [SweepState.Running],
    }.ToFrozenDictionary();

    /// <summary>Whether the sweep has ended. Only a user's asking for more leads out again, and nothing out of
    /// <see cref="SweepState.Cancelled"/>.</summary>
    public static bool IsFinal(this SweepState state) => Ends.Contains(state);

    /// <summary>Whether new trials may start.</summary>
    public static bool IsOpen(this SweepState state) => state is SweepState.Queued or SweepState.Running;

    /// <summary>Whether the table has the transition.</summary>
    public static bool IsAllowed(SweepState from, SweepState to) => Next.TryGetValue(from, out var next) && next.Contains(to);
}
