namespace SeqMnistSweep.Results.Tables;

/// <summary>Fewer points of a curve that draw the same picture: of each pixel's stretch its smallest and largest value, and both ends of
/// the curve.</summary>
public static class CurveThinning
{
    /// <param name="y">By position; null where there is no finite value.</param>
    /// <param name="pixels">Width of the picture; at most about twice as many points are kept.</param>
    /// <returns>Positions to keep, ascending; all of them where there are few.</returns>
    public static IReadOnlyList<int> Keep(IReadOnlyList<double?> y, int pixels)
    {
        if (pixels < 1 || y.Count <= 2L * pixels) return [.. Enumerable.Range(0, y.Count)];

        var kept = new List<int>((2 * pixels) + 2) { 0 };
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var from = (int)((long)pixel * y.Count / pixels);
            var to = (int)((long)(pixel + 1) * y.Count / pixels);
            var (low, high) = Extremes(y, from, to);
            Add(kept, Math.Min(low, high));
            Add(kept, Math.Max(low, high));
        }

        Add(kept, y.Count - 1);
        return kept;
    }

    private static (int Low, int High) Extremes(IReadOnlyList<double?> y, int from, int to)
    {
        var (low, high) = (from, from);
        for (var i = from; i < to; i++)
        {
            // A gap is kept by neither, unless the whole stretch is one.
            low = y[i] < y[low] || y[low] is null ? i : low;
            high = y[i] > y[high] || y[high] is null ? i : high;
        }

        return (low, high);
    }

    private static void Add(List<int> kept, int position)
    {
        if (position > kept[^1])
        {
            kept.Add(position);
        }
    }
}
