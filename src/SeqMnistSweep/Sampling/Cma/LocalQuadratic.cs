namespace SeqMnistSweep.Sampling.Cma;

/// <summary>A quadratic function fitted to the results around a place, the near ones counting more (locally weighted regression; Kern
/// 2006). Fitted to their ranks, so it does not depend on the scale of the losses.</summary>
internal sealed class LocalQuadratic
{
    private const double Ridge = 1e-6;

    private readonly double[] _coefficients;

    private LocalQuadratic(double[] coefficients) => _coefficients = coefficients;

    /// <param name="results">Coordinates from the place, and losses.</param>
    /// <returns>Null when there are too few.</returns>
    public static LocalQuadratic? Fit(int dimensions, IEnumerable<(double[] Coordinates, double Loss)> results)
    {
        var terms = 1 + (2 * dimensions) + (dimensions * (dimensions - 1) / 2);
        var near = results.Where(result => double.IsFinite(result.Loss))
            .Select(result => (result.Coordinates, result.Loss, Distance: Math.Sqrt(result.Coordinates.Sum(c => c * c))))
            .OrderBy(result => result.Distance).Take(2 * terms).ToList();
        if (near.Count < terms + (terms / 4)) return null;

        var byLoss = near.OrderBy(result => result.Loss).ToList();
        var farthest = near[^1].Distance;
        var matrix = Cholesky.Rows(terms);
        var right = new double[terms];
        for (var rank = 0; rank < byLoss.Count; rank++)
        {
            var features = Terms(byLoss[rank].Coordinates, terms);
            var weight = Math.Pow(1.01 - (byLoss[rank].Distance / farthest), 2);
            for (var i = 0; i < terms; i++)
            {
                right[i] += weight * features[i] * rank;
                for (var j = 0; j <= i; j++)
                {
                    matrix[i][j] += weight * features[i] * features[j];
                }
            }
        }

        for (var i = 0; i < terms; i++)
        {
            matrix[i][i] += Ridge * (1 + matrix[i][i]);
        }

        Cholesky.Factor(matrix);
        return new LocalQuadratic(Cholesky.SolveUpper(matrix, Cholesky.SolveLower(matrix, right)));
    }

    public double At(double[] coordinates)
    {
        var features = Terms(coordinates, _coefficients.Length);
        var sum = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            sum += features[i] * _coefficients[i];
        }

        return sum;
    }

    private static double[] Terms(double[] x, int count)
    {
        var terms = new double[count];
        terms[0] = 1;
        var next = 1;
        for (var i = 0; i < x.Length; i++)
        {
            terms[next++] = x[i];
            for (var j = 0; j <= i; j++)
            {
                terms[next++] = x[i] * x[j];
            }
        }

        return terms;
    }
}
