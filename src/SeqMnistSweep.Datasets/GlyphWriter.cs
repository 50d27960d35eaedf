namespace SeqMnistSweep.Datasets;

/// <summary>Writes one digit at a time; holds the buffers, so one writer serves one thread.</summary>
internal sealed class GlyphWriter
{
    private const int Steps = 6;
    private const double KnotJitter = 2.2;

    private readonly GlyphJitter _jitter = new();
    private readonly GlyphPen _pen = new();
    private readonly List<(int First, int Count)> _runs = [];
    private readonly GlyphPoint[] _knots = new GlyphPoint[32];
    private readonly GlyphPoint[] _points = new GlyphPoint[512];

    /// <summary>Draws image number <paramref name="index"/> into 784 bytes, row by row, and returns its label.</summary>
    public byte Write(long seed, long index, Span<byte> image)
    {
        var random = new SplitMix64(RandomSeed.Derive(seed, "glyphs", index));
        var digit = (int)(random.Next() % 10);
        var styles = GlyphStyles.ByDigit[digit];
        var style = styles[(int)(random.Next() % (ulong)styles.Length)];
        _jitter.Draw(ref random);
        var count = Flatten(style, ref random);
        _jitter.Apply(_points.AsSpan(0, count));
        Ink(ref random);
        Develop(ref random, image);
        return (byte)digit;
    }

    /// <summary>Turns the strokes into polylines of style units; every knot trembles a little.</summary>
    private int Flatten(GlyphStroke[] style, ref SplitMix64 random)
    {
        _runs.Clear();
        var count = 0;
        foreach (var stroke in style)
        {
            var first = count;
            GlyphPoint? corner = null;
            foreach (var piece in stroke.Pieces)
            {
                for (var i = 0; i < piece.Length; i++)
                {
                    var dx = KnotJitter * GlyphJitter.Symmetric(ref random);
                    var dy = KnotJitter * GlyphJitter.Symmetric(ref random);
                    _knots[i] = i == 0 && corner is { } shared ? shared : new GlyphPoint(piece[i].X + dx, piece[i].Y + dy);
                }

                count = Curve(_knots.AsSpan(0, piece.Length), count);
                corner = _knots[piece.Length - 1];
            }

            _runs.Add((first, count - first));
        }

        return count;
    }

    /// <summary>A uniform Catmull-Rom spline through the knots; the end knots count twice.</summary>
    private int Curve(ReadOnlySpan<GlyphPoint> knots, int count)
    {
        _points[count++] = knots[0];
        for (var i = 0; i + 1 < knots.Length; i++)
        {
            var before = knots[Math.Max(i - 1, 0)];
            var from = knots[i];
            var to = knots[i + 1];
            var after = knots[Math.Min(i + 2, knots.Length - 1)];
            for (var step = 1; step <= Steps; step++)
            {
                var t = step / (double)Steps;
                _points[count++] = new GlyphPoint(
                    CatmullRom(before.X, from.X, to.X, after.X, t),
                    CatmullRom(before.Y, from.Y, to.Y, after.Y, t));
            }
        }

        return count;
    }

    private static double CatmullRom(double before, double from, double to, double after, double t)
    {
        var linear = to - before;
        var square = (2 * before) - (5 * from) + (4 * to) - after;
        var cube = (3 * from) - before - (3 * to) + after;
        return from + (0.5 * t * (linear + (t * (square + (t * cube)))));
    }

    /// <summary>Draws the polylines; the pen's width drifts from one end of a stroke to the other.</summary>
    private void Ink(ref SplitMix64 random)
    {
        _pen.Clear();
        var radius = 1.05 + (0.45 * GlyphJitter.Symmetric(ref random));
        foreach (var (first, count) in _runs)
        {
            var start = radius * (1 + (0.25 * GlyphJitter.Symmetric(ref random)));
            var end = radius * (1 + (0.25 * GlyphJitter.Symmetric(ref random)));
            for (var i = 1; i < count; i++)
            {
                var from = start + ((end - start) * (i - 1) / count);
                var to = start + ((end - start) * i / count);
                _pen.Line(_points[first + i - 1], _points[first + i], from, to);
            }
        }
    }

    /// <summary>Coverage to bytes: ink of varying darkness, and noise of up to 16 grey levels either way on every pixel.</summary>
    private void Develop(ref SplitMix64 random, Span<byte> image)
    {
        var darkness = 255 - (60 * random.NextUnit());
        var grain = 16 * random.NextUnit();
        var coverage = _pen.Coverage;
        var bits = 0UL;
        for (var i = 0; i < image.Length; i++)
        {
            bits = i % 8 == 0 ? random.Next() : bits >> 8;
            var noise = grain * (((int)(bits & 255) - 128) / 128.0);
            image[i] = (byte)Math.Clamp((darkness * coverage[i]) + noise + 0.5, 0, 255);
        }
    }
}
