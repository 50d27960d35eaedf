using SeqMnistSweep.Sampling.Gaussian;

namespace SeqMnistSweep.Sampling.Gp;

/// <summary>The expected improvement at any place, times the chance to get a result there. The process is of what the results are beyond
/// what the sources of a prior expect there: they are its mean.</summary>
internal sealed class GaussianModel
{
    private readonly PlaceMemory _memory;
    private readonly FailureModel _failures;
    private readonly GaussianProcess _process;
    private readonly double _best;
    private readonly PowerTransform _transform;
    private readonly Func<double[], double> _expected;

    /// <param name="expected">What a prior expects at a place, as a loss of deviation 1.</param>
    public GaussianModel(
        GaussianResults known, List<GaussianResult> results, List<double[]> open, FailureModel failures, Func<double[], double> expected)
    {
        (_memory, _failures, _expected) = (known.Memory, failures, expected);
        var logs = known.Hyperparameters(results, expected);
        var transform = _transform = new PowerTransform([.. results.Select(result => result.Loss)]);
        var points = results.Select(result => result.Places).ToList();
        double[] losses = [.. results.Select(result => transform.Of(result.Loss))];
        double[] values = [.. losses.Select((loss, i) => loss - expected(results[i].Units))];
        _process = new GaussianProcess(_memory.Columns(points), _memory.Ordered, values, logs);
        _best = losses.Min();
        Best = [.. results.OrderBy(result => result.Loss).ThenBy(result => result.Number).Take(8).Select(result => result.Units)];
        if (open.Count > 0)
        {
            var places = open.Select(units => _memory.PlacesOf(units)).ToList();
            var believed = places.Select(place => _process.At(place).Mean);
            _process = new GaussianProcess(
                _memory.Columns([.. points, .. places]), _memory.Ordered, [.. values, .. believed], logs);
        }
    }

    /// <summary>The places of the best results.</summary>
    public ImmutableArray<double[]> Best { get; }

    /// <summary>The expected improvement over the best result, in the metric's unit.</summary>
    public double Improvement(double[] units)
    {
        var (mean, deviation) = At(units);
        return ExpectedImprovement.Of(mean, deviation, _best, _transform.Inverse);
    }

    public double Score(double[] units)
    {
        var (mean, deviation) = At(units);
        return ExpectedImprovement.Log(mean, deviation, _best) + _failures.LogSuccess(units);
    }

    private (double Mean, double Deviation) At(double[] units)
    {
        var (mean, deviation) = _process.At(_memory.PlacesOf(units));
        return (mean + _expected(units), deviation);
    }
}
