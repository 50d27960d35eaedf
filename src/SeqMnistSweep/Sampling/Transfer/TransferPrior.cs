using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Sampling.Transfer;

/// <summary>What the sources of a prior say together: each has a model of its own ranks, which judges the points of all; the models'
/// scores are averaged by <see cref="SourceWeights"/>. A function of the prior and of the results.</summary>
internal sealed class TransferPrior
{
    /// <summary>Points of all sources together, unless those of each would be fewer than <see cref="LeastPoints"/>.</summary>
    private const int MostPoints = 1750;
    private const int LeastPoints = 25;

    /// <summary>Results that the sources are judged by at most; a prior weighs next to nothing after as many.</summary>
    private const int MaxResults = 100;

    private readonly AxisSpace _space;
    private readonly List<double[]> _units = [];
    private readonly List<int> _sourceOf = [];
    private readonly List<Func<double[], double>> _models = [];
    private readonly List<int> _sizes = [];
    private readonly List<double[]> _scores = [];               // by source, of every point
    private readonly Dictionary<int, double[]> _predicted = []; // by the number of a result, of every source
    private List<(int Number, double Loss)> _read = [];

    public TransferPrior(AxisSpace space, SearchPrior prior)
    {
        _space = space;
        var sources = BySource(prior);
        var most = Math.Max(LeastPoints, MostPoints / Math.Max(1, sources.Count));
        foreach (var source in sources)
        {
            List<double[]> ranked = [.. source.OrderBy(point => point.Rank).Select(point => space.UnitsOf(point.Parameters))];
            var model = ranked.Count < 2 ? null : new RankModel(space, ranked);
            Add(units => model?.At(units) ?? 0, ranked, most);
        }

        if (BeliefSource.Of(space) is { } belief)
        {
            Add(units => belief.At(units), belief.Ranked, most);
        }

        _scores.AddRange(_models.Select(model => _units.Select(units => model(units)).ToArray()));
        Weights = _models.Count == 0 ? new SourceWeights([], 0) : SourceWeights.Of([.. _models.Select(_ => 0.5)], 0.5, 0);
    }

    public int Count => _units.Count;

    public SourceWeights Weights { get; private set; }

    public double[] UnitsOf(int point) => _units[point];

    /// <summary>How many points a trusted source has, on the average.</summary>
    public double Size => Weights.Trust == 0 ? 0 : Weights.Sources.Select((weight, i) => weight * _sizes[i]).Sum() / Weights.Trust;

    /// <summary>The points of trusted sources, those that they together think best first.</summary>
    public IEnumerable<int> Ranked() => Enumerable.Range(0, Count).Where(point => Weights.Sources[_sourceOf[point]] > 0)
        .OrderBy(point => Weights.Sources.Select((weight, i) => weight * _scores[i][point]).Sum()).ThenBy(point => point);

    /// <summary>What the sources expect at a place, as far as they are trusted: less is better.</summary>
    public double At(double[] units)
    {
        var sum = 0.0;
        for (var source = 0; source < _models.Count; source++)
        {
            sum += Weights.Sources[source] > 0 ? Weights.Sources[source] * _models[source](units) : 0;
        }

        return sum;
    }

    /// <summary>Weighs the sources by the first results.</summary>
    /// <param name="results">By number.</param>
    /// <returns>Whether anything has changed.</returns>
    public bool Read(IEnumerable<(int Number, double Loss)> results, Func<int, double[]> unitsOf)
    {
        if (Count == 0) return false;

        var used = Used([.. results]);
        if (used.SequenceEqual(_read)) return false;

        _read = used;
        double[] losses = [.. used.Select(result => result.Loss)];
        var concordances = _models.Select((_, source) => SourceWeights.Concordance(
            losses, [.. used.Select(result => Predicted(result.Number, unitsOf)[source])])).ToList();
        Weights = SourceWeights.Of(concordances, Own(used, unitsOf), used.Count);
        return true;
    }

    /// <summary>All while they are few, then nine tenths or more, to save time.</summary>
    private static List<(int Number, double Loss)> Used(List<(int Number, double Loss)> results)
    {
        var count = Math.Min(results.Count, 20);
        while (count + (count / 10) <= Math.Min(results.Count, MaxResults) && count >= 20)
        {
            count += count / 10;
        }

        return results[..count];
    }

    private double[] Predicted(int number, Func<int, double[]> unitsOf)
    {
        if (!_predicted.TryGetValue(number, out var known))
        {
            _predicted[number] = known = [.. _models.Select(model => model(unitsOf(number)))];
        }

        return known;
    }

    private double Own(List<(int Number, double Loss)> used, Func<int, double[]> unitsOf)
    {
        if (used.Count < 3) return 0.5;

        List<(int Number, double Loss)> ranked = [.. used.OrderBy(result => result.Loss).ThenBy(result => result.Number)];
        var model = new RankModel(_space, [.. ranked.Select(result => unitsOf(result.Number))]);
        return SourceWeights.Concordance([.. ranked.Select(result => result.Loss)], model.LeaveOneOut());
    }

    private void Add(Func<double[], double> model, IReadOnlyList<double[]> ranked, int most)
    {
        _sizes.Add(ranked.Count);
        _models.Add(model);
        foreach (var i in PriorSelection.Kept(ranked.Count, most))
        {
            _units.Add(ranked[i]);
            _sourceOf.Add(_models.Count - 1);
        }
    }

    private static List<RankedPoint[]> BySource(SearchPrior prior)
    {
        if (prior.Points.IsEmpty) return [];

        if (prior.Sources.Sum(source => source.Points) != prior.Points.Length) return [[.. prior.Points]];

        var sources = new List<RankedPoint[]>();
        var from = 0;
        foreach (var source in prior.Sources.Where(source => source.Points > 0))
        {
            sources.Add([.. prior.Points.Slice(from, source.Points)]);
            from += source.Points;
        }

        return sources;
    }
}
