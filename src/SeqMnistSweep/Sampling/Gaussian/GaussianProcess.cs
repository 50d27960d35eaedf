namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>Regression by a Gaussian process with a Matern 5/2 kernel, a length for each axis. Hyperparameters are logs: the lengths, the
/// amplitude, the noise.</summary>
internal sealed class GaussianProcess
{
    private readonly double[][] _columns;
    private readonly bool[] _ordered;
    private readonly double[] _factors;
    private readonly double _amplitude;
    private readonly double[][] _inverse;   // of the lower factor of the covariance
    private readonly double[] _alpha;
    private readonly double[] _k;

    /// <param name="columns">For each axis the places of all points: on an ordered axis a unit, else the cell; -1 for none.</param>
    /// <param name="ordered">For each axis whether it is ordered.</param>
    /// <param name="logs">The hyperparameters.</param>
    public GaussianProcess(double[][] columns, bool[] ordered, double[] values, double[] logs)
    {
        (_columns, _ordered) = (columns, ordered);
        _factors = [.. logs.Take(ordered.Length).Select(length => Math.Exp(-2 * length))];
        _amplitude = Math.Exp(logs[^2]);
        var n = values.Length;
        var covariance = Cholesky.Rows(n);
        for (var i = 0; i < n; i++)
        {
            Covariances(i, covariance[i].AsSpan(0, i));
            covariance[i][i] = _amplitude + Math.Exp(logs[^1]) + 1e-9;
        }

        Cholesky.Factor(covariance);
        _alpha = Cholesky.SolveUpper(covariance, Cholesky.SolveLower(covariance, values));
        _inverse = Cholesky.Rows(n);
        Cholesky.Invert(covariance, _inverse);
        _k = new double[n];
    }

    public (double Mean, double Deviation) At(ReadOnlySpan<double> point)
    {
        var mean = Mean(point);
        var variance = _amplitude;
        for (var i = 0; i < _k.Length; i++)
        {
            var part = Lanes.Dot(_inverse[i], _k);
            variance -= part * part;
        }

        return (mean, Math.Sqrt(Math.Max(variance, 1e-12)));
    }

    public double Mean(ReadOnlySpan<double> point)
    {
        Array.Clear(_k);
        for (var axis = 0; axis < _ordered.Length; axis++)
        {
            Lanes.AddSquares(_k, point[axis], _columns[axis], _ordered[axis], _factors[axis]);
        }

        Lanes.Matern(_k, _amplitude, []);
        return Lanes.Dot(_k, _alpha);
    }

    /// <summary>For each point the mean there without its own value (Rasmussen and Williams 2006, 5.12).</summary>
    /// <param name="values">Those that the process was made of.</param>
    public double[] LeaveOneOut(ReadOnlySpan<double> values)
    {
        var means = new double[values.Length];
        for (var i = 0; i < means.Length; i++)
        {
            var precision = 0.0;
            for (var row = i; row < means.Length; row++)
            {
                precision += _inverse[row][i] * _inverse[row][i];
            }

            means[i] = values[i] - (_alpha[i] / precision);
        }

        return means;
    }

    private void Covariances(int point, Span<double> others)
    {
        for (var axis = 0; axis < _ordered.Length; axis++)
        {
            Lanes.AddSquares(others, _columns[axis][point], _columns[axis], _ordered[axis], _factors[axis]);
        }

        Lanes.Matern(others, _amplitude, []);
    }
}
