namespace SeqMnistSweep.Sampling;

/// <summary>Linear algebra of symmetric positive definite matrices, kept as their lower rows: row i has i + 1 numbers.</summary>
internal static class Cholesky
{
    public static double[][] Rows(int n) => [.. Enumerable.Range(1, n).Select(length => new double[length])];

    /// <summary>Replaces a matrix by its lower factor.</summary>
    public static void Factor(double[][] matrix)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            var row = matrix[i].AsSpan();
            for (var j = 0; j < i; j++)
            {
                row[j] = (row[j] - Lanes.Dot(row[..j], matrix[j].AsSpan(0, j))) / matrix[j][j];
            }

            // Rounding can eat up the noise where points all but coincide.
            row[i] = Math.Sqrt(Math.Max(row[i] - Lanes.Dot(row[..i], row[..i]), 1e-10));
        }
    }

    public static double[] SolveLower(double[][] l, ReadOnlySpan<double> right)
    {
        var x = new double[right.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (right[i] - Lanes.Dot(l[i].AsSpan(0, i), x.AsSpan(0, i))) / l[i][i];
        }

        return x;
    }

    public static double[] SolveUpper(double[][] l, ReadOnlySpan<double> right)
    {
        var x = right.ToArray();
        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= l[i][i];
            Lanes.AddScaled(x.AsSpan(0, i), -x[i], l[i].AsSpan(0, i));
        }

        return x;
    }

    /// <summary>The inverse of a lower factor, lower too.</summary>
    public static void Invert(double[][] l, double[][] inverse)
    {
        for (var i = 0; i < l.Length; i++)
        {
            var row = inverse[i].AsSpan();
            row.Clear();
            for (var k = 0; k < i; k++)
            {
                Lanes.AddScaled(row[..(k + 1)], -l[i][k], inverse[k]);
            }

            Lanes.Scale(row[..i], 1 / l[i][i]);
            row[i] = 1 / l[i][i];
        }
    }
}
