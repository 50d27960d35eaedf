using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>Regression by a Gaussian process with a Matern 5/2 kernel, a length for each axis. Hyperparameters are logs: the lengths, the
/// amplitude, the noise.</summary>
internal sealed class GaussianProcess
{
    private readonly double[][] _points;
    private readonly bool[] _ordered;
    private readonly double[] _logs;
    private readonly double[,] _cholesky;
    private readonly double[] _alpha;

    /// <param name="points">Rows of a place on each axis: on an ordered one a unit, else the cell; -1 for none.</param>
    /// <param name="ordered">For each axis whether it is ordered.</param>
    /// <param name="logs">The hyperparameters.</param>
    public GaussianProcess(double[][] points, bool[] ordered, double[] values, double[] logs)
    {
        _points = points;
        _ordered = ordered;
        _logs = logs;
        _cholesky = Cholesky.Factor(Covariance(points, ordered, logs));
        _alpha = Cholesky.SolveUpper(_cholesky, Cholesky.SolveLower(_cholesky, values));
        LogLikelihood = Likelihood(values);
    }

    /// <summary>With the prior of the lengths and the noise.</summary>
    private double LogLikelihood { get; }

    /// <summary>The most likely hyperparameters, by Rprop (Riedmiller 1993) from one start; a function of its arguments.</summary>
    /// <param name="points">As of the process.</param>
    /// <param name="ordered">For each axis whether it is ordered.</param>
    /// <param name="values">With mean 0 and deviation 1.</param>
    public static double[] Fit(double[][] points, bool[] ordered, double[] values)
    {
        var lengths = ordered.Length;
        var logs = new double[lengths + 2];
        Array.Fill(logs, Math.Log(0.5), 0, lengths);
        logs[^1] = Math.Log(1e-3);
        var best = logs;
        var bestLikelihood = double.NegativeInfinity;
        var steps = Enumerable.Repeat(0.2, logs.Length).ToArray();
        var before = new double[logs.Length];
        for (var round = 0; round < 60; round++)
        {
            var process = new GaussianProcess(points, ordered, values, logs);
            if (process.LogLikelihood > bestLikelihood)
            {
                (best, bestLikelihood) = (logs, process.LogLikelihood);
            }

            var gradient = process.Gradient();
            var next = (double[])logs.Clone();
            for (var i = 0; i < logs.Length; i++)
            {
                steps[i] = Math.Clamp(steps[i] * (gradient[i] * before[i] > 0 ? 1.2 : gradient[i] * before[i] < 0 ? 0.5 : 1), 1e-4, 0.7);
                next[i] += Math.Sign(gradient[i]) * steps[i];
            }

            Limit(next, lengths);
            (before, logs) = (gradient, next);
        }

        return best;
    }

    public (double Mean, double Deviation) At(ReadOnlySpan<double> point)
    {
        var k = new double[_points.Length];
        var mean = 0.0;
        for (var i = 0; i < k.Length; i++)
        {
            k[i] = Kernel(Distance(point, _points[i], _ordered, _logs)) * Math.Exp(_logs[^2]);
            mean += k[i] * _alpha[i];
        }

        var v = Cholesky.SolveLower(_cholesky, k);
        var variance = Math.Exp(_logs[^2]);
        foreach (var part in v)
        {
            variance -= part * part;
        }

        return (mean, Math.Sqrt(Math.Max(variance, 1e-12)));
    }

    private static void Limit(double[] logs, int lengths)
    {
        for (var i = 0; i < lengths; i++)
        {
            logs[i] = Math.Clamp(logs[i], Math.Log(0.01), Math.Log(100));
        }

        logs[^2] = Math.Clamp(logs[^2], Math.Log(0.01), Math.Log(100));
        logs[^1] = Math.Clamp(logs[^1], Math.Log(1e-6), 0);
    }

    /// <summary>Matern 5/2 of a scaled distance.</summary>
    private static double Kernel(double r)
    {
        var a = Math.Sqrt(5) * r;
        return (1 + a + (a * a / 3)) * Math.Exp(-a);
    }

    private static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y, bool[] ordered, double[] logs)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += Square(x[i], y[i], ordered[i]) * Math.Exp(-2 * logs[i]);
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Two cells of an unordered axis are 1 apart, whichever they are, so that nothing grows with their number; one and none are
    /// half as far in squares.</summary>
    private static double Square(double x, double y, bool isOrdered) =>
        isOrdered ? (x - y) * (x - y) : x.Equals(y) ? 0 : x < 0 || y < 0 ? 0.5 : 1;

    private static double[,] Covariance(double[][] points, bool[] ordered, double[] logs)
    {
        var n = points.Length;
        var k = new double[n, n];
        var amplitude = Math.Exp(logs[^2]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                k[i, j] = k[j, i] = amplitude * Kernel(Distance(points[i], points[j], ordered, logs));
            }

            k[i, i] += Math.Exp(logs[^1]) + 1e-9;
        }

        return k;
    }

    private double Likelihood(double[] values)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            sum -= (0.5 * values[i] * _alpha[i]) + Math.Log(_cholesky[i, i]);
        }

        for (var i = 0; i < _logs.Length - 2; i++)
        {
            sum -= 0.5 * Math.Pow((_logs[i] - PriorMean) / PriorDeviation, 2);
        }

        return sum - (0.5 * Math.Pow((_logs[^1] - Math.Log(1e-4)) / 3, 2)) - (0.5 * Math.Pow(_logs[^2] / 1.5, 2));
    }

    /// <summary>Lengths grow with the dimension, for so do distances (Hvarfner 2024).</summary>
    private double PriorMean => Math.Log(0.5 * Math.Sqrt(_logs.Length - 2));

    private const double PriorDeviation = 1.2;

    private double[] Gradient()
    {
        var n = _points.Length;
        var inverse = Inverse(_cholesky);
        var gradient = new double[_logs.Length];
        var amplitude = Math.Exp(_logs[^2]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                // Half the trace, each pair counted twice but for the diagonal.
                var factor = (i == j ? 0.5 : 1) * ((_alpha[i] * _alpha[j]) - inverse[i, j]);
                var r = Distance(_points[i], _points[j], _ordered, _logs);
                var a = Math.Sqrt(5) * r;
                gradient[^2] += factor * amplitude * Kernel(r);
                var slope = amplitude * 5.0 / 3 * (1 + a) * Math.Exp(-a);
                for (var axis = 0; axis < _ordered.Length; axis++)
                {
                    var square = Square(_points[i][axis], _points[j][axis], _ordered[axis]);
                    gradient[axis] += factor * slope * square * Math.Exp(-2 * _logs[axis]);
                }
            }

            gradient[^1] += 0.5 * ((_alpha[i] * _alpha[i]) - inverse[i, i]) * Math.Exp(_logs[^1]);
        }

        for (var i = 0; i < _logs.Length - 2; i++)
        {
            gradient[i] -= (_logs[i] - PriorMean) / (PriorDeviation * PriorDeviation);
        }

        gradient[^2] -= _logs[^2] / 2.25;
        gradient[^1] -= (_logs[^1] - Math.Log(1e-4)) / 9;
        return gradient;
    }

    private static double[,] Inverse(double[,] l)
    {
        var n = l.GetLength(0);
        var inverse = new double[n, n];
        for (var column = 0; column < n; column++)
        {
            var unit = new double[n];
            unit[column] = 1;
            var solved = Cholesky.SolveUpper(l, Cholesky.SolveLower(l, unit));
            for (var i = 0; i < n; i++)
            {
                inverse[i, column] = solved[i];
            }
        }

        return inverse;
    }
}

internal static class ExpectedImprovement
{
    /// <summary>Log of the improvement to be expected over <paramref name="best"/> (smaller is better); finite and rising also where the
    /// improvement itself underflows (Ament 2023).</summary>
    public static double Log(double mean, double deviation, double best)
    {
        var z = (best - mean) / deviation;
        var logDensity = (-0.5 * z * z) - 0.91893853320467274;
        // Below -6 density + z * cumulative is a difference of nearly equal numbers; the series is exact to 1 % there.
        var log = z > -6
            ? Math.Log(Math.Exp(logDensity) + (z * TruncatedNormal.Cumulative(z)))
            : logDensity - (2 * Math.Log(-z)) + Math.Log(1 - (3 / (z * z)));
        return log + Math.Log(deviation);
    }
}
