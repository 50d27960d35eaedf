using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Sampling.Transfer;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>A sweep's prior as TPE sees it: kernels beside those of the sweep's own configurations, with numbers from -1 down. Together
/// they weigh as one source does, however many there are.</summary>
internal sealed class TpePrior
{
    private readonly TransferPrior _sources;
    private readonly double _share;
    private readonly int _most;

    /// <param name="share">Of its points, how many are good.</param>
    /// <param name="most">At most.</param>
    public TpePrior(AxisSpace space, SearchPrior prior, double share, int most)
    {
        (_sources, _share, _most) = (new TransferPrior(space, prior), share, most);
        Choose();
    }

    public int Count => Good.Length + Others.Length;

    /// <summary>How much the sources are trusted, from 0 to 1.</summary>
    public double Trust => _sources.Weights.Trust;

    /// <summary>How many of the sources are trusted.</summary>
    public int Trusted => _sources.Weights.Sources.Count(weight => weight > 0);

    public int Sources => _sources.Weights.Sources.Length;

    /// <summary>The best first.</summary>
    public ImmutableArray<int> Good { get; private set; } = [];

    public ImmutableArray<int> Others { get; private set; } = [];

    public double[] UnitsOf(int number) => _sources.UnitsOf(-1 - number);

    /// <summary>Weighs the sources anew.</summary>
    /// <returns>Whether the points have changed.</returns>
    public bool Read(IEnumerable<(int Number, double Loss)> results, Func<int, double[]> unitsOf)
    {
        if (!_sources.Read(results, unitsOf)) return false;

        Choose();
        return true;
    }

    /// <summary>What a good point of the prior weighs where one of the sweep's own weighs 1.</summary>
    /// <param name="results">Of the sweep.</param>
    public double GoodWeight(int results) => Good.IsEmpty ? 0 : Weight(results) * GoodOf(_sources.Size) / Good.Length;

    /// <inheritdoc cref="GoodWeight"/>
    public double OtherWeight(int results) => Others.IsEmpty
        ? 0
        : Weight(results) * (_sources.Size - GoodOf(_sources.Size)) / Others.Length;

    /// <summary>As long as there are hardly any results as much, after as many as the model would otherwise have waited for a quarter,
    /// after fifty a thirty-sixth, and less as the trust fades. Squared, for the prior does not grow and yet is the larger part for
    /// long.</summary>
    public double Weight(int results)
    {
        var share = TpeModel.Startup / (double)(TpeModel.Startup + results);
        return share * share * Trust;
    }

    /// <summary>What all of its points weigh together.</summary>
    public double Mass(int results) => Weight(results) * _sources.Size;

    private double GoodOf(double points) => Math.Min(_most, Math.Ceiling(points * _share));

    private void Choose()
    {
        ImmutableArray<int> ranked = [.. _sources.Ranked().Select(point => -1 - point)];
        var good = Math.Min(ranked.Length, (int)GoodOf(ranked.Length));
        Good = ranked[..good];
        Others = [.. PriorSelection.Kept(ranked.Length - good, PriorSelection.MaxPoints).Select(i => ranked[good + i])];
    }
}
