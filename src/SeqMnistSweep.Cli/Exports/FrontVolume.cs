using SeqMnistSweep.Fronts;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>The hypervolume of a front: of the box from the worst to the best value that any completed configuration has in each metric, what
/// the front dominates. So the reference point is the worst seen in each metric, and a metric in which all are alike is none of the
/// axes.</summary>
/// <param name="Volume">In the units of the metrics, multiplied.</param>
/// <param name="Share">Of the box, from 0 to 1.</param>
/// <param name="Axes">By metric.</param>
internal sealed record FrontVolume(double Volume, double Share, IReadOnlyList<(string Metric, double Worst, double Best)> Axes)
{
    /// <summary>Of more the volume takes long to compute, and says little.</summary>
    public const int MaxMetrics = 3;

    /// <summary>Null without several metrics and values of them, or with too many metrics.</summary>
    public static FrontVolume? Of(IReadOnlyList<MetricGoal> metrics, IReadOnlyList<MeasuredConfiguration> configurations)
    {
        if (metrics.Count is < 2 or > MaxMetrics || configurations.Count == 0) return null;

        var axes = metrics.Select(metric => (metric.Name, Sign: metric.Maximize ? -1 : 1))
            .Select(axis => (axis.Name, axis.Sign, Losses: configurations.Select(one => axis.Sign * one.Values[axis.Name]).ToList()))
            .Select(axis => (axis.Name, axis.Sign, Worst: axis.Losses.Max(), Best: axis.Losses.Min()))
            .Where(axis => axis.Worst > axis.Best).ToList();
        if (axes.Count == 0) return null;

        var front = configurations.Where(one => one.InFront)
            .Select(one => axes.Select(axis => ((axis.Sign * one.Values[axis.Name]) - axis.Best) / (axis.Worst - axis.Best)).ToArray());
        var share = Pareto.Hypervolume(front, [.. axes.Select(_ => 1.0)]);
        return new FrontVolume(
            share * axes.Aggregate(1.0, (product, axis) => product * (axis.Worst - axis.Best)), share,
            [.. axes.Select(axis => (axis.Name, axis.Sign * axis.Worst, axis.Sign * axis.Best))]);
    }
}
