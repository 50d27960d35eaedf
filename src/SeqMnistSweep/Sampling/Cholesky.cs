namespace SeqMnistSweep.Sampling;

/// <summary>Linear algebra of symmetric positive definite matrices.</summary>
internal static class Cholesky
{
    public static double[,] Factor(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var l = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= l[i, k] * l[j, k];
                }

                // Rounding can eat up the noise where points all but coincide.
                l[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-10)) : sum / l[j, j];
            }
        }

        return l;
    }

    public static double[] SolveLower(double[,] l, double[] right)
    {
        var x = new double[right.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var sum = right[i];
            for (var k = 0; k < i; k++)
            {
                sum -= l[i, k] * x[k];
            }

            x[i] = sum / l[i, i];
        }

        return x;
    }

    public static double[] SolveUpper(double[,] l, double[] right)
    {
        var x = new double[right.Length];
        for (var i = x.Length - 1; i >= 0; i--)
        {
            var sum = right[i];
            for (var k = i + 1; k < x.Length; k++)
            {
                sum -= l[k, i] * x[k];
            }

            x[i] = sum / l[i, i];
        }

        return x;
    }
}
