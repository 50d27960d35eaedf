namespace SeqMnistSweep.Sampling.Cma;

/// <summary>The evolution strategy with covariance matrix adaptation, in the unit cube: Hansen's tutorial (2016), with its weights of both
/// signs and its default constants. Points that were drawn from an older state, or by hand, are taken in as Hansen (2011) injects
/// solutions.</summary>
internal sealed class CmaState
{
    private readonly int _d;
    private readonly double[] _weights;
    private readonly int _parents;
    private readonly double _muEff;
    private readonly double _cSigma;
    private readonly double _dSigma;
    private readonly double _cc;
    private readonly double _c1;
    private readonly double _cMu;
    private readonly double _expectedNorm;
    private readonly double[] _mean;
    private readonly double[] _pathSigma;
    private readonly double[] _pathC;
    private readonly double[,] _covariance;
    private double[,] _axes;
    private double[] _lengths;
    private int _generation;

    public CmaState(double[] mean, double sigma, int population)
    {
        _d = mean.Length;
        _mean = (double[])mean.Clone();
        Sigma = sigma;
        Population = population;
        _parents = population / 2;
        var raw = Enumerable.Range(1, population).Select(i => Math.Log((population + 1) / 2.0) - Math.Log(i)).ToArray();
        var positive = raw.Take(_parents).Sum();
        _muEff = positive * positive / raw.Take(_parents).Sum(w => w * w);
        var negative = raw.Skip(_parents).Sum();
        var negativeEff = negative * negative / raw.Skip(_parents).Sum(w => w * w);
        _cc = (4 + (_muEff / _d)) / (_d + 4 + (2 * _muEff / _d));
        _cSigma = (_muEff + 2) / (_d + _muEff + 5);
        _dSigma = 1 + (2 * Math.Max(0, Math.Sqrt((_muEff - 1) / (_d + 1)) - 1)) + _cSigma;
        _c1 = 2 / (((_d + 1.3) * (_d + 1.3)) + _muEff);
        _cMu = Math.Min(1 - _c1, 2 * (_muEff - 2 + (1 / _muEff)) / (((_d + 2) * (_d + 2)) + _muEff));
        var scale = Math.Min(1 + (_c1 / _cMu), Math.Min(1 + (2 * negativeEff / (_muEff + 2)), (1 - _c1 - _cMu) / (_d * _cMu)));
        _weights = [.. raw.Select((w, i) => i < _parents ? w / positive : scale * w / -negative)];
        _expectedNorm = Math.Sqrt(_d) * (1 - (1.0 / (4 * _d)) + (1.0 / (21 * _d * _d)));
        _pathSigma = new double[_d];
        _pathC = new double[_d];
        _covariance = new double[_d, _d];
        for (var i = 0; i < _d; i++)
        {
            _covariance[i, i] = 1;
        }

        (_axes, _lengths) = (_covariance, Enumerable.Repeat(1.0, _d).ToArray());
    }

    public double Sigma { get; private set; }

    public int Population { get; }

    public IReadOnlyList<double> Mean => _mean;

    /// <summary>The longest and the shortest deviation of the next draws, as shares of the range.</summary>
    public (double Longest, double Shortest) Reach => (Sigma * _lengths.Max(), Sigma * _lengths.Min());

    /// <summary>A place in the coordinates in which draws are spread evenly around 0.</summary>
    public double[] Coordinates(ReadOnlySpan<double> units)
    {
        var step = new double[_d];
        for (var i = 0; i < _d; i++)
        {
            step[i] = double.IsNaN(units[i]) ? 0 : (units[i] - _mean[i]) / Sigma;
        }

        return Whiten(step);
    }

    public void Draw(ref SplitMix64 random, Span<double> units)
    {
        Span<double> z = stackalloc double[_d];
        for (var i = 0; i < _d; i++)
        {
            z[i] = _lengths[i] * Quantiles.Normal(random.NextUnit());
        }

        for (var i = 0; i < _d; i++)
        {
            var y = 0.0;
            for (var k = 0; k < _d; k++)
            {
                y += _axes[i, k] * z[k];
            }

            units[i] = _mean[i] + (Sigma * y);
        }
    }

    /// <param name="generation">Points with the best first; NaN where a point has no value of an axis.</param>
    public void Learn(IReadOnlyList<double[]> generation)
    {
        _generation++;
        var steps = generation.Select(StepOf).ToList();
        var mean = new double[_d];
        for (var i = 0; i < Math.Min(_parents, steps.Count); i++)
        {
            for (var k = 0; k < _d; k++)
            {
                mean[k] += _weights[i] * steps[i][k];
            }
        }

        for (var k = 0; k < _d; k++)
        {
            _mean[k] = Math.Clamp(_mean[k] + (Sigma * mean[k]), 0, 1);
        }

        var white = Whiten(mean);
        for (var k = 0; k < _d; k++)
        {
            _pathSigma[k] = ((1 - _cSigma) * _pathSigma[k]) + (Math.Sqrt(_cSigma * (2 - _cSigma) * _muEff) * white[k]);
        }

        var norm = Math.Sqrt(_pathSigma.Sum(p => p * p));
        var stalls = norm / Math.Sqrt(1 - Math.Pow(1 - _cSigma, 2.0 * _generation)) >= (1.4 + (2.0 / (_d + 1))) * _expectedNorm;
        for (var k = 0; k < _d; k++)
        {
            _pathC[k] = ((1 - _cc) * _pathC[k]) + (stalls ? 0 : Math.Sqrt(_cc * (2 - _cc) * _muEff) * mean[k]);
        }

        Adapt(steps, stalls);
        Sigma *= Math.Exp(Math.Min(1, _cSigma / _dSigma * ((norm / _expectedNorm) - 1)));
        Sigma = Math.Min(Sigma, 1);
        Decompose();
    }

    private void Adapt(List<double[]> steps, bool stalls)
    {
        var weights = steps.Select((step, i) => i < _parents || _weights[i] >= 0
            ? _weights[i]
            : _weights[i] * _d / Math.Max(1e-12, Whiten(step).Sum(z => z * z))).ToArray();
        var keep = 1 - _c1 - (_cMu * _weights.Take(steps.Count).Sum()) + (stalls ? _c1 * _cc * (2 - _cc) : 0);
        for (var i = 0; i < _d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rankMu = 0.0;
                for (var s = 0; s < steps.Count; s++)
                {
                    rankMu += weights[s] * steps[s][i] * steps[s][j];
                }

                _covariance[i, j] = (keep * _covariance[i, j]) + (_c1 * _pathC[i] * _pathC[j]) + (_cMu * rankMu);
                _covariance[j, i] = _covariance[i, j];
            }
        }
    }

    /// <summary>The way from the mean in units of sigma, no longer than a draw's would plausibly be.</summary>
    private double[] StepOf(double[] point)
    {
        var step = point.Select((unit, i) => double.IsNaN(unit) ? 0 : (unit - _mean[i]) / Sigma).ToArray();
        var length = Math.Sqrt(Whiten(step).Sum(z => z * z));
        var longest = Math.Sqrt(_d) + (2.0 * _d / (_d + 2));
        return length <= longest ? step : [.. step.Select(y => y * longest / length)];
    }

    /// <summary>C^(-1/2) times a vector.</summary>
    private double[] Whiten(double[] vector)
    {
        var result = new double[_d];
        for (var k = 0; k < _d; k++)
        {
            var along = 0.0;
            for (var i = 0; i < _d; i++)
            {
                along += _axes[i, k] * vector[i];
            }

            along /= _lengths[k];
            for (var i = 0; i < _d; i++)
            {
                result[i] += _axes[i, k] * along;
            }
        }

        return result;
    }

    private void Decompose()
    {
        var (values, vectors) = SymmetricEigen.Of(_covariance);
        var largest = values.Max();
        _axes = vectors;
        _lengths = [.. values.Select(value => Math.Sqrt(Math.Max(value, 1e-14 * largest)))];
    }
}
