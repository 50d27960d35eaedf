namespace SeqMnistSweep.Pruning;

/// <summary>A trial's place among the values at a rung.</summary>
/// <param name="Of">Values at the rung, its own included.</param>
/// <param name="Better">Of these, those that are strictly better: ties share the better place.</param>
internal readonly record struct RungOrder(int Of, int Better)
{
    /// <summary>Counted from 1.</summary>
    public int Place => Better + 1;

    /// <param name="others">NaN for one that has none here.</param>
    public static RungOrder Among(double value, IEnumerable<double> others)
    {
        var (count, better) = (1, 0);
        foreach (var other in others)
        {
            count += double.IsNaN(other) ? 0 : 1;
            better += other > value ? 1 : 0;
        }

        return new RungOrder(count, better);
    }
}
