namespace SeqMnistSweep.Scheduling;

/// <summary>What fresh seeds say of a configuration: the mean of their values, and an interval for its true mean by Student's t (1908). The
/// values were not looked at when the configuration was chosen, so they are not too good on average. But whoever leads the confirmed ones
/// was chosen again, by these values: so the intervals are as wide as it takes that all of them hold together with 95 % (Bonferroni; Dunn
/// 1961), whichever leads.</summary>
public readonly record struct ConfirmedValue(double Mean, double Low, double High)
{
    private const double Outside = 0.05;

    /// <param name="values">Two or more, finite.</param>
    /// <param name="compared">Configurations that were confirmed together.</param>
    public static ConfirmedValue Of(IReadOnlyCollection<double> values, int compared)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var half = HalfWidth(values.Count, compared) * Math.Sqrt(variance);
        return new ConfirmedValue(mean, mean - half, mean + half);
    }

    /// <summary>Half the interval's width in sample standard deviations of <paramref name="count"/> values: t / sqrt(n). With T of n - 1
    /// degrees of freedom (n - 1) / (n - 1 + T^2) has a beta distribution, whose quantile gives t.</summary>
    /// <param name="count">2 or more.</param>
    /// <param name="compared">1 or more.</param>
    public static double HalfWidth(int count, int compared)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(compared, 1);
        var freedom = count - 1;
        var share = Quantiles.Beta(Outside / compared, freedom / 2.0, 0.5);
        return Math.Sqrt(freedom * (1 - share) / share / count);
    }
}
