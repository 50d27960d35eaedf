namespace SeqMnistSweep.Benchmarks;

/// <summary>A median with the interval that holds the true one 95 times of 100, whatever the distribution: between two order statistics.</summary>
internal readonly record struct MedianOf(double Value, double Low, double High)
{
    public static MedianOf These(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var n = sorted.Count;
        var rank = 0;
        // Of n values fewer than k lie below the median with the chance of fewer than k heads in n throws.
        for (double chance = Math.Pow(0.5, n), below = chance; rank < (n - 1) / 2; below += chance)
        {
            chance *= (n - rank) / (rank + 1.0);
            if (below + chance > 0.025)
            {
                break;
            }

            rank++;
        }

        return new MedianOf((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[rank], sorted[n - 1 - rank]);
    }
}
