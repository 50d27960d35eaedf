using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Gaussian;

internal static class ExpectedImprovement
{
    private const double LogRoot = 0.91893853320467274;


    /// <summary>Log of the improvement to be expected over <paramref name="best"/> (smaller is better); finite and rising also where the
    /// improvement itself underflows (Ament 2023).</summary>
    public static double Log(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        var logDensity = (-0.5 * z * z) - LogRoot;
        // Below -6 density + z * cumulative is a difference of nearly equal numbers; the series is exact to 1 % there.
        var log = z > -6
            ? Math.Log(Math.Exp(logDensity) + (z * TruncatedNormal.Cumulative(z)))
            : logDensity - (2 * Math.Log(-z)) + Math.Log(1 - (3 / (z * z)));
        return log + Math.Log(deviation);
    }

    private const int Steps = 400;
    private const double Reach = 8;

    /// <summary>The improvement to be expected over <paramref name="best"/>, as values are before a transform.</summary>
    /// <param name="inverse">Takes a transformed value back; grows with it.</param>
    public static double Of(double mean, double deviation, double best, Func<double, double> inverse)
    {
        // The integral, from the best down, of the chance to be below.
        var step = (best - Math.Min(best, mean) + (Reach * deviation)) / Steps;
        double sum = 0, above = inverse(best);
        for (var i = 0; i < Steps; i++)
        {
            var below = inverse(best - ((i + 1) * step));
            sum += TruncatedNormal.Cumulative((best - ((i + 0.5) * step) - mean) / deviation) * (above - below);
            above = below;
        }

        return sum;
    }

    /// <summary>Log of the chance to be below <paramref name="z"/> deviations; finite also where the chance underflows.</summary>
    public static double LogChance(double z) => z > -6
        ? Math.Log(TruncatedNormal.Cumulative(z))
        : (-0.5 * z * z) - LogRoot - Math.Log(-z);
}
