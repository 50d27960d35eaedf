namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>The expected improvement at any place, times the chance to get a result there.</summary>
internal sealed class GaussianModel
{
    private readonly PlaceMemory _memory;
    private readonly FailureModel _failures;
    private readonly GaussianProcess _process;
    private readonly double _best;
    private readonly PowerTransform _transform;

    public GaussianModel(GaussianResults known, List<GaussianResult> results, List<double[]> open, FailureModel failures)
    {
        (_memory, _failures) = (known.Memory, failures);
        var logs = known.Hyperparameters(results);
        var transform = _transform = new PowerTransform([.. results.Select(result => result.Loss)]);
        var points = results.Select(result => result.Places).ToList();
        double[] values = [.. results.Select(result => transform.Of(result.Loss))];
        _process = new GaussianProcess(_memory.Columns(points), _memory.Ordered, values, logs);
        _best = values.Min();
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
        var (mean, deviation) = _process.At(_memory.PlacesOf(units));
        return ExpectedImprovement.Of(mean, deviation, _best, _transform.Inverse);
    }

    public double Score(double[] units)
    {
        var (mean, deviation) = _process.At(_memory.PlacesOf(units));
        return ExpectedImprovement.Log(mean, deviation, _best) + _failures.LogSuccess(units);
    }
}
