using SeqMnistSweep.Sampling;
using SeqMnistSweep.Sampling.Gaussian;

namespace SeqMnistSweep.Tests.Sampling.Gaussian;

public sealed class GaussianProcessTests
{
    private static readonly bool[] Ordered = [true, false, true];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(18)]
    public void It_says_what_the_textbook_says(int count)
    {
        var random = new Random(count);
        var points = Points(random, count);
        double[] values = [.. points.Select(point => Math.Sin(5 * point[0]) + point[1])];
        double[] logs = [-0.7, 0.3, 0.1, 0.2, -4];
        var process = new GaussianProcess(Columns(points), Ordered, values, logs);
        foreach (var at in Points(random, 20).Append(points[0]))
        {
            var (mean, deviation) = process.At(at);
            var (expected, variance) = Textbook(points, values, logs, at);
            Assert.Equal(expected, mean, 9);
            Assert.Equal(Math.Sqrt(variance), deviation, 9);
        }
    }

    [Fact]
    public void Leaving_one_out_is_a_process_without_it()
    {
        var points = Points(new Random(4), 9);
        double[] values = [.. points.Select(point => Math.Sin(5 * point[0]) + point[1])];
        double[] logs = [-0.7, 0.3, 0.1, 0.2, -4];
        var told = new GaussianProcess(Columns(points), Ordered, values, logs).LeaveOneOut(values);
        for (var i = 0; i < points.Length; i++)
        {
            double[][] others = [.. points.Where((_, k) => k != i)];
            var without = new GaussianProcess(Columns(others), Ordered, [.. values.Where((_, k) => k != i)], logs);
            Assert.Equal(without.Mean(points[i]), told[i], 9);
        }
    }

    [Fact]
    public void The_fit_finds_which_axes_matter()
    {
        var points = Points(new Random(3), 60);
        double[] raw = [.. points.Select(point => Math.Sin(6 * point[0]))];
        var (mean, deviation) = (raw.Average(), Math.Sqrt(raw.Select(value => value * value).Average() - Math.Pow(raw.Average(), 2)));
        var logs = new GaussianFit(Columns(points), Ordered, [.. raw.Select(value => (value - mean) / deviation)]).Best(60);
        Assert.True(logs[0] < 0, $"{logs[0]}");
        Assert.True(logs[1] > logs[0] + 1.5 && logs[2] > logs[0] + 1.5, string.Join(' ', logs));
        Assert.True(logs[^1] < Math.Log(0.01), $"noise {Math.Exp(logs[^1])}");
    }

    [Fact]
    public void A_factor_times_itself_is_the_matrix_and_its_inverse_undoes_it()
    {
        var random = new Random(1);
        var wide = Enumerable.Range(0, 13).Select(_ => Enumerable.Range(0, 13).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();
        var matrix = Cholesky.Rows(13);
        for (var i = 0; i < 13; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                matrix[i][j] = wide[i].Zip(wide[j], (a, b) => a * b).Sum() + (i == j ? 1 : 0);
            }
        }

        double[][] factor = [.. matrix.Select(row => (double[])row.Clone())];
        Cholesky.Factor(factor);
        var inverse = Cholesky.Rows(13);
        Cholesky.Invert(factor, inverse);
        for (var i = 0; i < 13; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.Equal(matrix[i][j], Enumerable.Range(0, j + 1).Sum(k => factor[i][k] * factor[j][k]), 9);
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(j, i - j + 1).Sum(k => inverse[i][k] * factor[k][j]), 9);
            }
        }
    }

    private static (double Mean, double Variance) Textbook(double[][] points, double[] values, double[] logs, double[] at)
    {
        var n = points.Length;
        var matrix = new double[n, n + 2];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[i, j] = Kernel(points[i], points[j], logs) + (i == j ? Math.Exp(logs[^1]) + 1e-9 : 0);
            }

            (matrix[i, n], matrix[i, n + 1]) = (values[i], Kernel(points[i], at, logs));
        }

        for (var pivot = 0; pivot < n; pivot++)
        {
            for (var row = 0; row < n; row++)
            {
                var factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (var column = pivot; row != pivot && column < n + 2; column++)
                {
                    matrix[row, column] -= factor * matrix[pivot, column];
                }
            }
        }

        var k = points.Select(point => Kernel(point, at, logs)).ToArray();
        return (Enumerable.Range(0, n).Sum(i => k[i] * matrix[i, n] / matrix[i, i]),
            Math.Exp(logs[^2]) - Enumerable.Range(0, n).Sum(i => k[i] * matrix[i, n + 1] / matrix[i, i]));
    }

    private static double Kernel(double[] x, double[] y, double[] logs)
    {
        var square = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var between = Ordered[i] ? Math.Pow(x[i] - y[i], 2) : x[i].Equals(y[i]) ? 0 : x[i] < 0 || y[i] < 0 ? 0.5 : 1;
            square += between / Math.Exp(2 * logs[i]);
        }

        var a = Math.Sqrt(5 * square);
        return Math.Exp(logs[^2]) * (1 + a + (a * a / 3)) * Math.Exp(-a);
    }

    private static double[][] Points(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextDouble(), random.Next(-1, 3), random.NextDouble() })];

    private static double[][] Columns(double[][] points) => [.. Enumerable.Range(0, 3).Select(axis => points.Select(point => point[axis]).ToArray())];
}
