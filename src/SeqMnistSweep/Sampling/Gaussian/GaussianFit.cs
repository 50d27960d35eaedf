namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>The most likely hyperparameters of a <see cref="GaussianProcess"/>, by Rprop (Riedmiller 1993) from one start: a function of
/// the points and values alone.</summary>
internal sealed class GaussianFit
{
    private const double LengthDeviation = 1.2;

    /// <summary>Of a deviation of 1, in squares. A hundred times less was greedier: on tables whose neighbours differ by chance it lost to
    /// random search.</summary>
    private const double UsualNoise = 1e-2;

    private readonly int _axes;
    private readonly int _pairs;
    private readonly double[] _values;
    private readonly double[][] _squares;      // by axis, of the pairs (1, 0), (2, 0), (2, 1), ...
    private readonly double[] _kernel;
    private readonly double[] _slopes;
    private readonly double[] _factors;        // of each pair in the gradient
    private readonly double[][] _covariance;
    private readonly double[][] _inverse;
    private readonly double[][] _precision;

    /// <param name="columns">As of the process.</param>
    /// <param name="values">With mean 0 and deviation 1.</param>
    public GaussianFit(double[][] columns, bool[] ordered, double[] values)
    {
        var n = values.Length;
        (_axes, _pairs, _values) = (ordered.Length, n * (n - 1) / 2, values);
        _squares = [.. ordered.Select(_ => new double[_pairs])];
        for (var axis = 0; axis < _axes; axis++)
        {
            for (var i = 1; i < n; i++)
            {
                Lanes.AddSquares(_squares[axis].AsSpan(First(i), i), columns[axis][i], columns[axis], ordered[axis], 1);
            }
        }

        (_kernel, _slopes, _factors) = (new double[_pairs], new double[_pairs], new double[_pairs]);
        (_covariance, _inverse, _precision) = (Cholesky.Rows(n), Cholesky.Rows(n), Cholesky.Rows(n));
    }

    public double[] Best(int rounds)
    {
        var logs = new double[_axes + 2];
        Array.Fill(logs, Math.Log(0.5), 0, _axes);
        logs[^1] = Math.Log(1e-3);
        var best = logs;
        var bestLikelihood = double.NegativeInfinity;
        var steps = Enumerable.Repeat(0.2, logs.Length).ToArray();
        var before = new double[logs.Length];
        for (var round = 0; round < rounds; round++)
        {
            var gradient = new double[logs.Length];
            var likelihood = Likelihood(logs, gradient);
            if (likelihood > bestLikelihood)
            {
                (best, bestLikelihood) = (logs, likelihood);
            }

            var next = (double[])logs.Clone();
            for (var i = 0; i < logs.Length; i++)
            {
                steps[i] = Math.Clamp(steps[i] * (gradient[i] * before[i] > 0 ? 1.2 : gradient[i] * before[i] < 0 ? 0.5 : 1), 1e-4, 0.7);
                next[i] += Math.Sign(gradient[i]) * steps[i];
            }

            Limit(next);
            (before, logs) = (gradient, next);
        }

        return best;
    }

    /// <summary>The log of the likelihood and of the prior of the lengths, the amplitude and the noise.</summary>
    private double Likelihood(double[] logs, double[] gradient)
    {
        Kernel(logs);
        var n = _values.Length;
        for (var i = 0; i < n; i++)
        {
            _kernel.AsSpan(First(i), i).CopyTo(_covariance[i]);
            _covariance[i][i] = Math.Exp(logs[^2]) + Math.Exp(logs[^1]) + 1e-9;
        }

        Cholesky.Factor(_covariance);
        var alpha = Cholesky.SolveUpper(_covariance, Cholesky.SolveLower(_covariance, _values));
        Cholesky.Invert(_covariance, _inverse);
        var sum = -0.5 * Lanes.Dot(_values, alpha);
        for (var i = 0; i < n; i++)
        {
            sum -= Math.Log(_covariance[i][i]);
            _precision[i].AsSpan().Clear();
        }

        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i <= k; i++)
            {
                Lanes.AddScaled(_precision[i], _inverse[k][i], _inverse[k].AsSpan(0, i + 1));
            }
        }

        Gradient(logs, alpha, gradient);
        return sum + Prior(logs, gradient);
    }

    private void Kernel(double[] logs)
    {
        Array.Clear(_kernel);
        for (var axis = 0; axis < _axes; axis++)
        {
            Lanes.AddScaled(_kernel, Math.Exp(-2 * logs[axis]), _squares[axis]);
        }

        Lanes.Matern(_kernel, Math.Exp(logs[^2]), _slopes);
    }

    private void Gradient(double[] logs, double[] alpha, double[] gradient)
    {
        var trace = 0.0;
        for (var i = 0; i < alpha.Length; i++)
        {
            var factors = _factors.AsSpan(First(i), i);
            factors.Clear();
            Lanes.AddScaled(factors, alpha[i], alpha.AsSpan(0, i));
            Lanes.AddScaled(factors, -1, _precision[i].AsSpan(0, i));
            trace += (alpha[i] * alpha[i]) - _precision[i][i];
        }

        gradient[^2] = Lanes.Dot(_factors, _kernel) + (0.5 * trace * Math.Exp(logs[^2]));
        gradient[^1] = 0.5 * trace * Math.Exp(logs[^1]);
        for (var pair = 0; pair < _pairs; pair++)
        {
            _factors[pair] *= _slopes[pair];
        }

        for (var axis = 0; axis < _axes; axis++)
        {
            gradient[axis] = Lanes.Dot(_factors, _squares[axis]) * Math.Exp(-2 * logs[axis]);
        }
    }

    private double Prior(double[] logs, double[] gradient)
    {
        // Lengths grow with the dimension, for so do distances (Hvarfner 2024).
        var mean = Math.Log(0.5 * Math.Sqrt(_axes));
        var sum = 0.0;
        for (var i = 0; i < _axes; i++)
        {
            Add(i, mean, LengthDeviation, ref sum);
        }

        Add(_axes, 0, 1.5, ref sum);
        Add(_axes + 1, Math.Log(UsualNoise), 3, ref sum);
        return sum;

        void Add(int i, double center, double deviation, ref double total)
        {
            var z = (logs[i] - center) / deviation;
            total -= 0.5 * z * z;
            gradient[i] -= z / deviation;
        }
    }

    private void Limit(double[] logs)
    {
        for (var i = 0; i <= _axes; i++)
        {
            logs[i] = Math.Clamp(logs[i], Math.Log(0.01), Math.Log(100));
        }

        logs[^1] = Math.Clamp(logs[^1], Math.Log(1e-6), 0);
    }

    private static int First(int row) => row * (row - 1) / 2;
}
