namespace SeqMnistSweep.Benchmarks;

/// <summary>The line that comes nearest to some points, by least squares.</summary>
/// <param name="Slope">0 where all points have one x, which says nothing of it.</param>
internal readonly record struct LinearFit(double Slope, double Intercept)
{
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static LinearFit Of(IReadOnlyCollection<(double X, double Y)> points)
    {
        if (points.Count == 0)
        {
            throw new ArgumentException("a line needs points", nameof(points));
        }

        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        var slope = spread > 0 ? points.Sum(point => (point.X - x) * (point.Y - y)) / spread : 0;
        return new LinearFit(slope, y - (slope * x));
    }

    public double At(double x) => Intercept + (Slope * x);
}
