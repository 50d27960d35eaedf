using SeqMnistSweep.Fronts;

namespace SeqMnistSweep.Pruning;

/// <summary>A trial's values of the sweep's metric by epoch: <c>Values[0]</c> is epoch 1; NaN where the report lacked it. Larger is better
/// (minimised metrics are negated).</summary>
public sealed record LearningCurve(int Trial, TrialState State, IReadOnlyList<double> Values)
{
    /// <summary>The configuration's number: the same for trials that differ in their seed.</summary>
    public int Configuration { get; init; } = Trial;

    /// <summary>The configuration that it was trained with.</summary>
    public ParameterSet Parameters { get; init; } = ParameterSet.Empty;

    /// <summary>Of a sweep with several metrics the values of those behind the first, as long and in the same way.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Others { get; init; } = [];

    /// <summary>Of a <see cref="DerivedMetric"/>: the last value counts, not the best.</summary>
    public bool LastCounts { get; init; }

    /// <summary>The best value so far, or the last one where that counts; NaN when there is none.</summary>
    public double Best
    {
        get
        {
            if (LastCounts) return At(Values, Values.Count);

            var best = double.NaN;
            for (var i = 0; i < Values.Count; i++)
            {
                best = Values[i] > best || double.IsNaN(best) ? Values[i] : best;
            }

            return best;
        }
    }

    /// <summary>The last epoch reported before the newest one; 0 when there is none.</summary>
    public int EpochBefore
    {
        get
        {
            var before = Values.Count - 1;
            while (before > 0 && double.IsNaN(Values[before - 1]))
            {
                before--;
            }

            return before;
        }
    }

    /// <summary>The value at an epoch; where that was not reported the last one before it, else the first one after it. NaN if not
    /// reached.</summary>
    public double At(int epoch) => At(Values, epoch);

    /// <summary>What <see cref="At(int)"/> says of all metrics, as losses that can be compared.</summary>
    public double[] LossesAt(int epoch) => Pareto.Comparable(Others.Prepend(Values).Select(values => -At(values, epoch)));

    private static double At(IReadOnlyList<double> values, int epoch)
    {
        if (values.Count < epoch) return double.NaN;

        var at = epoch;
        while (at > 0 && double.IsNaN(values[at - 1]))
        {
            at--;
        }

        return at > 0 ? values[at - 1] : values.Skip(epoch).FirstOrDefault(value => !double.IsNaN(value), double.NaN);
    }
}
