namespace SeqMnistSweep.Trials;

/// <summary>Seeds under which the best configurations run again: far from those that a search counts up from its first, and none of those
/// that its configurations brought themselves.</summary>
public static class FreshSeeds
{
    /// <summary>From a search's first seed to the first fresh one: more than a search has seeds.</summary>
    public const long Distance = 1_000_000;

    /// <summary>More of them are never asked for.</summary>
    public const int MaxCount = 1000;

    /// <param name="first">The search's first seed.</param>
    /// <param name="used">All seeds of the search.</param>
    public static IEnumerable<long> After(long first, IReadOnlySet<long> used, int count) =>
        Enumerable.Range(0, int.MaxValue).Select(i => first + Distance + i).Where(seed => !used.Contains(seed)).Take(count);
}
