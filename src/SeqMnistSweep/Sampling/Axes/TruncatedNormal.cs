namespace SeqMnistSweep.Sampling.Axes;

/// <summary>The normal distribution cut to [0, 1].</summary>
internal static class TruncatedNormal
{
    /// <summary>Distribution function of the standard normal, to 1e-7 of the smaller tail (Numerical Recipes 6.2, erfcc).</summary>
    public static double Cumulative(double x)
    {
        var z = Math.Abs(x) * 0.70710678118654752;
        var t = 1 / (1 + (0.5 * z));
        var tail = 0.5 * t * Math.Exp((-z * z) - 1.26551223 + (t * (1.00002368 + (t * (0.37409196 + (t * (0.09678418 + (t * (-0.18628806
            + (t * (0.27886807 + (t * (-1.13520398 + (t * (1.48851587 + (t * (-0.82215223 + (t * 0.17087277))))))))))))))))));
        return x >= 0 ? 1 - tail : tail;
    }

    /// <summary>How much of it lies in [low, high].</summary>
    public static double Mass(double mean, double sigma, double low, double high)
    {
        // Of two upper tails the difference is taken as one of lower tails, where it is exact.
        return low > mean
            ? Cumulative((mean - low) / sigma) - Cumulative((mean - high) / sigma)
            : Cumulative((high - mean) / sigma) - Cumulative((low - mean) / sigma);
    }

    public static double Draw(double mean, double sigma, ref SplitMix64 random)
    {
        var low = Cumulative(-mean / sigma);
        var high = Cumulative((1 - mean) / sigma);
        return Math.Clamp(mean + (sigma * Quantiles.Normal(low + (random.NextUnit() * (high - low)))), 0, 1);
    }
}
