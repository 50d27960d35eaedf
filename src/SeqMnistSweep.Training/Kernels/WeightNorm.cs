using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>Weights of direction v and length g per output channel (Salimans and Kingma 2016). Sums are in double.</summary>
internal static class WeightNorm
{
    /// <summary>w = g v / |v|.</summary>
    public static void Apply(ReadOnlySpan<float> v, ReadOnlySpan<float> g, Span<float> w)
    {
        var row = v.Length / g.Length;
        for (var o = 0; o < g.Length; o++)
        {
            var from = v.Slice(o * row, row);
            var to = w.Slice(o * row, row);
            var scale = (float)(g[o] / Math.Sqrt(Dot(from, from)));
            for (var i = 0; i < row; i++)
            {
                to[i] = from[i] * scale;
            }
        }
    }

    /// <summary>From the gradient of w to those of v and g.</summary>
    public static void Gradient(
        ReadOnlySpan<float> v, ReadOnlySpan<float> g, ReadOnlySpan<float> wGradient, Span<float> vGradient, Span<float> gGradient)
    {
        var row = v.Length / g.Length;
        for (var o = 0; o < g.Length; o++)
        {
            var values = v.Slice(o * row, row);
            var slope = wGradient.Slice(o * row, row);
            var target = vGradient.Slice(o * row, row);
            var square = Dot(values, values);
            var norm = Math.Sqrt(square);
            var along = Dot(values, slope);
            gGradient[o] = (float)(along / norm);
            var (scale, back) = ((float)(g[o] / norm), (float)(g[o] * along / (norm * square)));
            for (var i = 0; i < row; i++)
            {
                target[i] = (slope[i] * scale) - (values[i] * back);
            }
        }
    }

    /// <summary>The scalar product in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // Four sums, because one would wait for each addition.
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += (double)a[i] * b[i];
            s1 += (double)a[i + 1] * b[i + 1];
            s2 += (double)a[i + 2] * b[i + 2];
            s3 += (double)a[i + 3] * b[i + 3];
        }

        for (; i < a.Length; i++)
        {
            s0 += (double)a[i] * b[i];
        }

        return s0 + s1 + (s2 + s3);
    }
}
