namespace SeqMnistSweep.Datasets;

/// <summary>How one image's writer differs from the style: an affine map (slant, rotation, width, height, place) followed by a smooth
/// elastic displacement. Only + - * / are used, so that every machine draws the same bits: sine and cosine come from the rational
/// parametrisation of the circle, the elastic field from smoothstep interpolation of a coarse random lattice.</summary>
internal sealed class GlyphJitter
{
    private const int Lattice = 4;
    private const double Elastic = 1.1;
    private const double Margin = 1.5;

    private readonly double[] _shiftX = new double[Lattice * Lattice];
    private readonly double[] _shiftY = new double[Lattice * Lattice];
    private double _xx, _xy, _yx, _yy;
    private double _wantedX, _wantedY;

    /// <summary>Draws a new writer from the image's random numbers.</summary>
    public void Draw(ref SplitMix64 random)
    {
        var halfTangent = 0.13 * Symmetric(ref random);
        var cosine = (1 - (halfTangent * halfTangent)) / (1 + (halfTangent * halfTangent));
        var sine = 2 * halfTangent / (1 + (halfTangent * halfTangent));
        var shear = 0.30 * Symmetric(ref random);
        var width = 0.175 + (0.055 * Symmetric(ref random));
        var height = 0.180 + (0.035 * Symmetric(ref random));
        _xx = cosine * width;
        _xy = ((cosine * shear) - sine) * height;
        _yx = sine * width;
        _yy = ((sine * shear) + cosine) * height;
        _wantedX = 14 + (3.0 * Symmetric(ref random));
        _wantedY = 14 + (3.0 * Symmetric(ref random));
        for (var i = 0; i < _shiftX.Length; i++)
        {
            _shiftX[i] = Elastic * Symmetric(ref random);
            _shiftY[i] = Elastic * Symmetric(ref random);
        }
    }

    /// <summary>Maps style points to pixels in place, and moves the whole back into the image where it would leave it.</summary>
    public void Apply(Span<GlyphPoint> points)
    {
        foreach (ref var point in points)
        {
            var x = point.X - 50;
            var y = point.Y - 50;
            point = Bend(new GlyphPoint((_xx * x) + (_xy * y), (_yx * x) + (_yy * y)));
        }

        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        foreach (var point in points)
        {
            (left, right) = (Math.Min(left, point.X), Math.Max(right, point.X));
            (top, bottom) = (Math.Min(top, point.Y), Math.Max(bottom, point.Y));
        }

        var shiftX = Inside(_wantedX, left, right);
        var shiftY = Inside(_wantedY, top, bottom);
        foreach (ref var point in points)
        {
            point = new GlyphPoint(point.X + shiftX, point.Y + shiftY);
        }
    }

    /// <summary>Uniform in [-1, 1).</summary>
    public static double Symmetric(ref SplitMix64 random) => (2 * random.NextUnit()) - 1;

    private GlyphPoint Bend(GlyphPoint point)
    {
        var column = Cell(point.X, out var fx);
        var row = Cell(point.Y, out var fy);
        var corner = (row * Lattice) + column;
        return new GlyphPoint(point.X + Blend(_shiftX, corner, fx, fy), point.Y + Blend(_shiftY, corner, fx, fy));
    }

    /// <summary>The lattice cell of a coordinate from the centre (the lattice spans 28 pixels), and the smoothed place in it.</summary>
    private static int Cell(double coordinate, out double smooth)
    {
        var place = Math.Clamp((coordinate + 14) * ((Lattice - 1) / 28.0), 0, Lattice - 1);
        var cell = Math.Min((int)place, Lattice - 2);
        var fraction = place - cell;
        smooth = fraction * fraction * (3 - (2 * fraction));
        return cell;
    }

    private static double Blend(double[] field, int corner, double fx, double fy)
    {
        var top = field[corner] + (fx * (field[corner + 1] - field[corner]));
        var bottom = field[corner + Lattice] + (fx * (field[corner + Lattice + 1] - field[corner + Lattice]));
        return top + (fy * (bottom - top));
    }

    private static double Inside(double wanted, double low, double high)
    {
        var lowest = Margin - low;
        var highest = 28 - Margin - high;
        return lowest > highest ? (lowest + highest) / 2 : Math.Min(Math.Max(wanted, lowest), highest);
    }
}
