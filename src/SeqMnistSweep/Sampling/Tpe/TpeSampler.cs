using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Gaussian;
using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra 2011), multivariate (Falkner 2018): candidates are drawn near the good configurations,
/// and the one whose density among the good is the largest multiple of its density among the others is proposed.
/// <para>
/// Bandwidths: among the good Scott's rule with their own spread on each axis, so the model narrows where they agree; among the others a
/// fixed share of the range that shrinks with their number. The good weigh by rank as CMA-ES weighs its parents. An open configuration
/// counts among the others with a small weight: at full weight sixteen of them outweigh the few results around the best and drive the
/// search away from it. Chosen on thirteen functions and tables together, none of them by itself.
/// </para>
/// </summary>
internal sealed class TpeSampler : ISampler
{
    private const int Candidates = 28;
    private const int TriesPerCandidate = 20;

    /// <summary>Draws to find a configuration that was not made yet, before one may be repeated.</summary>
    private const int FreshTries = 1000;

    /// <summary>With as many results the model is used, if enough others are open: a wide sweep need not start blind for long.</summary>
    private const int MinResults = 2;

    /// <summary>A prior that is trusted less does not spare the random start.</summary>
    private const double LeastTrust = 0.25;

    /// <summary>With a prior there is no random start, and who begins in the basin of an earlier sweep's best may stay there: so one in
    /// so many of the first proposals is drawn evenly. Such draws show, too, which source is right: at the very beginning, where nothing
    /// speaks for an earlier sweep yet, they are every other, so that one that misleads has cost half of a few trials when it is found
    /// out. What the file itself expects needs no such proof.</summary>
    private const int EvenTurn = 4;
    private const int PriorLeads = 20;
    private const int Unproven = 8;

    private const double PriorWeight = 1;
    private const double LiarWeight = 0.05;
    private const double OthersBandwidth = 0.15;
    private const double MinBandwidth = 0.01;

    private readonly AxisSpace _space;
    private readonly long _seed;
    private readonly int _unproven;
    private readonly TpeModel _model;
    private readonly KernelSet _good;
    private readonly FailureModel _failures;
    private readonly double[] _sigma;
    private double[] _weights = [];

    /// <param name="metrics">How many; of several the search is for compromises.</param>
    public TpeSampler(SearchSpace space, long seed, SearchPrior prior, int metrics = 1)
    {
        _space = new AxisSpace(space);
        _seed = seed;
        _unproven = prior.Points.IsEmpty ? 0 : Unproven;
        _model = new TpeModel(_space, prior, metrics);
        _good = new KernelSet(_space, _model.Tables);
        _failures = new FailureModel(_space);
        _sigma = new double[_space.Axes.Length];
    }

    /// <summary>Whether the first rung must prove itself before a model is made of it; see <see cref="RungTrust"/>.</summary>
    public bool DoubtsFirstRung { get; init; }

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        _model.Read(history);
        var random = new SplitMix64(RandomSeed.Derive(_seed, "tpe", cursor));
        var results = _model.Ranked + (_model.Prior.Trust < LeastTrust ? 0 : _model.Prior.Count);
        if (results < MinResults || results + history.Open.Count < TpeModel.Startup || _space.Axes.Length == 0)
        {
            return Even(cursor, ref random, $"{_model.Ranked} results are too few for a model");
        }

        var turn = cursor < _unproven ? 2 : EvenTurn;
        if (_model.Ranked < PriorLeads && _model.Prior.Count > 0 && cursor % turn == 0)
        {
            return Even(cursor, ref random, $"one in {turn} looks elsewhere than the prior");
        }

        if (Doubt(history, ref random) is { } doubt) return Even(cursor, ref random, doubt);

        _failures.Read(history);
        FitGood();
        FitOthers(history);
        return Likeliest(cursor, history, ref random) ?? Even(cursor, ref random, "near the good ones everything is made or infeasible");
    }

    /// <summary>Why this proposal is left to chance; null where it is not. What a prior tells is no rung's word.</summary>
    private string? Doubt(SearchHistory history, ref SplitMix64 random)
    {
        if (!DoubtsFirstRung || (_model.Prior.Count > 0 && _model.Prior.Trust >= LeastTrust)) return null;
        if (RungTrust.FirstRung(history) is not { } rung) return null;

        return random.NextUnit() < RungTrust.RandomShare ? "one in three is left to chance where rungs choose"
            : _model.Budget == int.MaxValue ? null
            : RungTrust.DoubtOf(history, rung);
    }

    private Proposal? Even(long cursor, ref SplitMix64 random, string why)
    {
        Span<double> units = stackalloc double[_space.Axes.Length];
        var infeasible = 0;
        var isFinite = !double.IsInfinity(_space.Points);
        for (var tries = 0; tries < FreshTries; tries++)
        {
            if (_space.Draw(ref random, units) is not { } misses) return null;

            infeasible += misses;
            if (!isFinite || !_model.IsMade(_space.KeyOf(units))) break;
        }

        return _space.Proposed(units, cursor, infeasible, $"tpe: random draw, for {why}");
    }

    private void FitGood()
    {
        _good.Clear();
        var own = _model.Good.Select(good => good.Number).ToList();
        var prior = _model.Prior.Good;
        foreach (var number in prior)
        {
            _good.Add(number, _model.UnitsOf(number));
        }

        foreach (var number in own)
        {
            _good.Add(number, _model.UnitsOf(number));
        }

        var decay = _model.Prior.GoodWeight(_model.Ranked);
        var count = Math.Max(1, own.Count + (decay * prior.Length));
        var shrink = Shrink(count);
        for (var i = 0; i < _sigma.Length; i++)
        {
            var axis = _space.Axes[i];
            var least = Math.Max(
                MinBandwidth, axis.Cells > 0 ? 0.5 / axis.Cells : 1.0 / (1 + _model.Ranked + _model.Prior.Mass(_model.Ranked)));
            _sigma[i] = axis.IsOrdered ? Math.Clamp(Spread(own, prior, decay, i) * shrink, least, 1) : 1.0 / count;
        }

        // The kernels' order is that of their numbers: the prior's, then the sweep's own.
        Array.Resize(ref _weights, _good.Count);
        RankWeights(InOrder(prior), decay, _weights.AsSpan(0, prior.Length));
        RankWeights(InOrder(own), 1, _weights.AsSpan(prior.Length));
        _good.Fit(_sigma, _weights, PriorWeight);
    }

    /// <summary>The ranks in the order of the numbers.</summary>
    private static int[] InOrder(IEnumerable<int> bestFirst) =>
        [.. bestFirst.Select((number, rank) => (number, rank)).OrderBy(pair => pair.number).Select(pair => pair.rank)];

    /// <summary>As CMA-ES weighs its parents.</summary>
    private static void RankWeights(int[] ranks, double mean, Span<double> weights)
    {
        var sum = 0.0;
        for (var i = 0; i < ranks.Length; i++)
        {
            weights[i] = Math.Log(ranks.Length + 1) - Math.Log(ranks[i] + 1);
            sum += weights[i];
        }

        foreach (ref var weight in weights)
        {
            weight = weight / (sum / ranks.Length) * mean;
        }
    }

    private void FitOthers(SearchHistory history)
    {
        var others = _model.Others;
        var decay = _model.Prior.OtherWeight(_model.Ranked);
        var count = Math.Max(1, _model.OwnOthers + (decay * _model.Prior.Others.Length));
        var shrink = Shrink(count);
        for (var i = 0; i < _sigma.Length; i++)
        {
            _sigma[i] = _space.Axes[i].IsOrdered ? Math.Max(OthersBandwidth * shrink, MinBandwidth) : 1.0 / count;
        }

        double[]? weights = null;
        if (history.Open.Count > 0 || _model.Prior.Others.Length > 0)
        {
            weights = new double[others.Count];
            for (var i = 0; i < weights.Length; i++)
            {
                var number = others.NumberOf(i);
                weights[i] = number < 0 ? decay : history.Configurations[number - 1].IsOpen ? LiarWeight : 1;
            }
        }

        others.Fit(_sigma, weights, PriorWeight);
    }

    /// <summary>Scott's rule (1992): how a bandwidth shrinks with the number of points.</summary>
    private double Shrink(double points) => Math.Pow(points, -1.0 / (_sigma.Length + 4));

    /// <summary>Standard deviation of the good on an axis, the even one as one point more, those of the prior at their weight.</summary>
    private double Spread(List<int> own, ImmutableArray<int> prior, double decay, int axis)
    {
        double count = 0, sum = 0, squares = 0;
        foreach (var number in prior)
        {
            Take(number, decay);
        }

        foreach (var number in own)
        {
            Take(number, 1);
        }

        const double even = 1.0 / 12;
        return count < 2 ? Math.Sqrt(even) : Math.Sqrt((Math.Max(0, squares - (sum * sum / count)) + even) / count);

        void Take(int number, double weight)
        {
            var unit = _model.UnitsOf(number)[axis];
            if (!double.IsNaN(unit))
            {
                count += weight;
                sum += weight * unit;
                squares += weight * unit * unit;
            }
        }
    }

    private Proposal? Likeliest(long cursor, SearchHistory history, ref SplitMix64 random)
    {
        Span<double> units = stackalloc double[_space.Axes.Length];
        Span<double> best = stackalloc double[_space.Axes.Length];
        var isFinite = !double.IsInfinity(_space.Points);
        var score = double.NegativeInfinity;
        int? near = null;
        var infeasible = 0;
        var found = 0;
        var total = PriorWeight + _weights.Sum();
        for (var tries = 0; tries < Candidates * TriesPerCandidate && found < Candidates; tries++)
        {
            var kernel = Choose(random.NextUnit() * total);
            Draw(kernel, ref random, units);
            if (!_space.IsPlain && _space.Feasible(units) is null)
            {
                infeasible++;
                continue;
            }

            if (isFinite && _model.IsMade(_space.KeyOf(units))) continue;

            found++;
            var ratio = _good.LogDensity(units) - _model.Others.LogDensity(units) + _failures.LogSuccess(units);
            if (ratio > score)
            {
                score = ratio;
                units.CopyTo(best);
                near = kernel < 0 ? null : _good.NumberOf(kernel);
            }
        }

        if (found == 0) return null;

        var compared = (_model.ComparesFronts ? " by fronts" : "")
            + (_model.Budget == int.MaxValue ? "" : $" after {_model.Budget} epochs");
        var place = near is not { } number ? "drawn anywhere" : number < 0 ? "near a configuration of the prior"
            : $"near configuration {number}";
        var prior = _model.Prior.Count == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" and the best {_model.Prior.Good.Length} of the prior's {_model.Prior.Count} at weight "
                    + $"{_model.Prior.Weight(_model.Ranked):0.00}{Sources()}");
        var origin = string.Create(
            CultureInfo.InvariantCulture,
            $"tpe: {place}, of {found} candidates the likeliest to be like the best {_model.Good.Count} of "
                + $"{_model.Ranked}{compared}{prior} (log ratio {score:0.00}); {history.Open.Count} open");
        return new Proposal(_space.At(best).ToParameterSet(), cursor + 1, infeasible, origin);
    }

    private string Sources() => _model.Prior.Sources < 2 ? "" : $", from {_model.Prior.Trusted} of {_model.Prior.Sources} sources";

    private void Draw(int kernel, ref SplitMix64 random, Span<double> units)
    {
        if (kernel >= 0)
        {
            _good.Draw(kernel, ref random, units);
            return;
        }

        for (var i = 0; i < units.Length; i++)
        {
            units[i] = random.NextUnit();
        }
    }

    /// <returns>A kernel by its weight; -1 for the even one.</returns>
    private int Choose(double at)
    {
        at -= PriorWeight;
        for (var i = 0; i < _weights.Length && at >= 0; i++)
        {
            at -= _weights[i];
            if (at < 0) return i;
        }

        return at < 0 ? -1 : _weights.Length - 1;
    }
}
