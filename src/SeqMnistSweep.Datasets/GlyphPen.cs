namespace SeqMnistSweep.Datasets;

/// <summary>Draws line segments of changing width into a 28x28 field of coverage in [0, 1], looking only at the pixels near them.</summary>
internal sealed class GlyphPen
{
    private const int Side = ImageSet.Side;

    private readonly double[] _coverage = new double[Side * Side];

    public ReadOnlySpan<double> Coverage => _coverage;

    public void Clear() => Array.Clear(_coverage);

    /// <summary>One segment from a to b; radii in pixels at both ends; edges fade over one pixel.</summary>
    public void Line(GlyphPoint a, GlyphPoint b, double radiusA, double radiusB)
    {
        var dx = b.X - a.X;
        var dy = b.Y - a.Y;
        var lengthSquared = (dx * dx) + (dy * dy);
        var inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
        var reach = Math.Max(radiusA, radiusB) + 0.5;
        var reachSquared = reach * reach;
        var firstColumn = Math.Max(0, (int)(Math.Min(a.X, b.X) - reach));
        var lastColumn = Math.Min(Side - 1, (int)(Math.Max(a.X, b.X) + reach));
        var firstRow = Math.Max(0, (int)(Math.Min(a.Y, b.Y) - reach));
        var lastRow = Math.Min(Side - 1, (int)(Math.Max(a.Y, b.Y) + reach));
        for (var row = firstRow; row <= lastRow; row++)
        {
            var y = row + 0.5 - a.Y;
            for (var column = firstColumn; column <= lastColumn; column++)
            {
                var x = column + 0.5 - a.X;
                var along = Math.Min(Math.Max(((x * dx) + (y * dy)) * inverse, 0), 1);
                var ex = x - (along * dx);
                var ey = y - (along * dy);
                var distanceSquared = (ex * ex) + (ey * ey);
                if (distanceSquared < reachSquared)
                {
                    var radius = radiusA + (along * (radiusB - radiusA));
                    var covered = Math.Min(radius + 0.5 - Math.Sqrt(distanceSquared), 1);
                    ref var pixel = ref _coverage[(row * Side) + column];
                    pixel = Math.Max(pixel, covered);
                }
            }
        }
    }
}
