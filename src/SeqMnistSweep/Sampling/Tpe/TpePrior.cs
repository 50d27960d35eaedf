using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>A sweep's prior as TPE sees it: kernels beside those of the sweep's own configurations, with numbers from -1 down.</summary>
internal sealed class TpePrior
{
    private readonly double[][] _units;

    /// <param name="share">Of its points, how many are good.</param>
    /// <param name="most">At most.</param>
    public TpePrior(AxisSpace space, SearchPrior prior, double share, int most)
    {
        var points = prior.Points.OrderBy(point => point.Rank).ToList();
        _units = [.. points.Select(point => space.UnitsOf(point.Parameters))];
        var good = Math.Min(points.Count(point => point.Rank < share), most);
        Good = [.. Enumerable.Range(1, good).Select(i => i - good - 1)];
        Others = [.. Enumerable.Range(good + 1, points.Count - good).Select(i => -i)];
    }

    public int Count => _units.Length;

    /// <summary>In the order of their numbers: the best last.</summary>
    public ImmutableArray<int> Good { get; }

    public ImmutableArray<int> Others { get; }

    public double[] UnitsOf(int number) => _units[-1 - number];

    /// <summary>What a point of the prior weighs where one of the sweep's own weighs 1: as long as there are hardly any results as much,
    /// after as many as the model would otherwise have waited for a quarter, after fifty a thirty-sixth. Squared, for the prior does not
    /// grow and yet is the larger part for long: on five functions, without the square a prior of 50 points cost some regret after 100 even
    /// where it led well, and one turned upside down four times as much on Rosenbrock's.</summary>
    public static double Weight(int results)
    {
        var share = TpeModel.Startup / (double)(TpeModel.Startup + results);
        return share * share;
    }
}
