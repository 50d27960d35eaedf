namespace SeqMnistSweep.Trials;

/// <summary>Values of configurations as their trials complete, one by one: a configuration has one when every seed has, and it is their
/// mean. The leaderboard says the same of those that are whole.</summary>
/// <param name="seeds">Trials of each configuration.</param>
/// <param name="maximize">Whether the largest is the best.</param>
public sealed class SeedMeans(long seeds, bool maximize)
{
    private readonly Dictionary<long, List<double?>> _open = [];

    /// <summary>The best value so far; null before the first.</summary>
    public double? Best { get; private set; }

    /// <inheritdoc cref="Complete"/>
    /// <returns>The configuration's value, where it is better than all before it; null else.</returns>
    public double? CompleteBest(long configuration, double? value)
    {
        if (Complete(configuration, value) is not { } mean || (maximize ? mean <= Best : mean >= Best)) return null;

        return Best = mean;
    }

    /// <summary>Takes in that a trial has completed.</summary>
    /// <param name="value">Null where it never had a finite one.</param>
    /// <returns>The configuration's value, with its last seed; null before, and where a seed has none.</returns>
    public double? Complete(long configuration, double? value)
    {
        if (seeds == 1) return value;

        var values = _open.TryGetValue(configuration, out var known) ? known : _open[configuration] = [];
        values.Add(value);
        if (values.Count < seeds || values.Contains(null)) return null;

        _open.Remove(configuration);
        values.Sort();
        return values[0] == values[^1] ? values[0] : values.Average(); // a mean of equal values may be off by a bit
    }
}
