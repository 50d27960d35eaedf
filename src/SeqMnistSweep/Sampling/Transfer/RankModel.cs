using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Gaussian;

namespace SeqMnistSweep.Sampling.Transfer;

/// <summary>Ranks as a Gaussian process tells them for any place: what an earlier sweep would say of a configuration that it never
/// tried. Values are normal scores, less is better.</summary>
internal sealed class RankModel
{
    /// <summary>Of more the hyperparameters are fitted to an even choice.</summary>
    private const int MaxFitted = 64;
    private const int Rounds = 40;

    private readonly PlaceMemory _memory;
    private readonly GaussianProcess _process;
    private readonly double[] _scores;

    /// <param name="ranked">Places, the best first, at least two.</param>
    public RankModel(AxisSpace space, IReadOnlyList<double[]> ranked)
    {
        _memory = new PlaceMemory(space);
        var places = ranked.Select(units => _memory.PlacesOf(units)).ToList();
        _scores = [.. Enumerable.Range(0, places.Count).Select(i => Quantiles.Normal((i + 0.5) / places.Count))];
        List<int> fitted = [.. Enumerable.Range(0, Math.Min(MaxFitted, places.Count))
            .Select(i => places.Count <= MaxFitted ? i : (int)((i + 0.5) * places.Count / MaxFitted))];
        var fit = new GaussianFit(
            _memory.Columns([.. fitted.Select(i => places[i])]), _memory.Ordered, [.. fitted.Select(i => _scores[i])]);
        _process = new GaussianProcess(_memory.Columns(places), _memory.Ordered, _scores, fit.Best(Rounds));
    }

    public double At(ReadOnlySpan<double> units) => _process.Mean(_memory.PlacesOf(units));

    /// <summary>For each place what the model says of it when it does not know that one, best first as given.</summary>
    public double[] LeaveOneOut() => _process.LeaveOneOut(_scores);
}
