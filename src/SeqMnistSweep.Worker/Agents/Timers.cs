namespace SeqMnistSweep.Worker.Agents;

internal static class Timers
{
    /// <summary>Timers reach no further; 49 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
}
