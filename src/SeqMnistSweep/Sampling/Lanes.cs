using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SeqMnistSweep.Sampling;

/// <summary>Arithmetic of rows of numbers in four lanes, on every machine, so that sums come out the same.</summary>
internal static class Lanes
{
    private static readonly double Sqrt5 = Math.Sqrt(5);

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var a = Of(x);
        var b = Of(y[..x.Length]);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }

        if (i < a.Length)
        {
            even += a[i] * b[i];
        }

        var sum = Vector256.Sum(even + odd);
        for (var k = a.Length * 4; k < x.Length; k++)
        {
            sum += x[k] * y[k];
        }

        return sum;
    }

    /// <summary>Adds a multiple of <paramref name="x"/>.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        var sums = Of(target);
        var terms = Of(x[..target.Length]);
        var by = Vector256.Create(factor);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += by * terms[i];
        }

        for (var k = sums.Length * 4; k < target.Length; k++)
        {
            target[k] += factor * x[k];
        }
    }

    public static void Scale(Span<double> target, double factor)
    {
        foreach (ref var value in target)
        {
            value *= factor;
        }
    }

    /// <summary>Adds what one axis puts between a place and others to their squared distances.</summary>
    /// <param name="isOrdered">Two places on an unordered axis are 1 apart, whichever they are, so that nothing grows with their number; one
    /// and none, which is below 0, are half as far in squares.</param>
    public static void AddSquares(Span<double> squares, double place, ReadOnlySpan<double> others, bool isOrdered, double factor)
    {
        if (isOrdered)
        {
            var sums = Of(squares);
            var terms = Of(others[..squares.Length]);
            var here = Vector256.Create(place);
            var by = Vector256.Create(factor);
            for (var i = 0; i < sums.Length; i++)
            {
                var distance = terms[i] - here;
                sums[i] += by * distance * distance;
            }

            for (var k = sums.Length * 4; k < squares.Length; k++)
            {
                squares[k] += factor * (place - others[k]) * (place - others[k]);
            }

            return;
        }

        for (var k = 0; k < squares.Length; k++)
        {
            squares[k] += others[k].Equals(place) ? 0 : others[k] < 0 || place < 0 ? 0.5 * factor : factor;
        }
    }

    /// <summary>Matern 5/2 of squared distances, in their place.</summary>
    /// <param name="slopes">Gets minus twice the derivative by the squared distance; may be empty.</param>
    public static void Matern(Span<double> squares, double amplitude, Span<double> slopes)
    {
        var vectors = Of(squares);
        var slopeVectors = Of(slopes);
        for (var i = 0; i < vectors.Length; i++)
        {
            var a = Vector256.Sqrt(vectors[i]) * Sqrt5;
            var e = Vector256.Exp(-a) * amplitude;
            vectors[i] = (Vector256<double>.One + a + (a * a / 3)) * e;
            if (!slopes.IsEmpty)
            {
                slopeVectors[i] = (Vector256<double>.One + a) * e * (5.0 / 3);
            }
        }

        for (var k = vectors.Length * 4; k < squares.Length; k++)
        {
            var a = Math.Sqrt(squares[k]) * Sqrt5;
            var e = Math.Exp(-a) * amplitude;
            squares[k] = (1 + a + (a * a / 3)) * e;
            if (!slopes.IsEmpty)
            {
                slopes[k] = (1 + a) * e * (5.0 / 3);
            }
        }
    }

    private static Span<Vector256<double>> Of(Span<double> row) => MemoryMarshal.Cast<double, Vector256<double>>(row);

    private static ReadOnlySpan<Vector256<double>> Of(ReadOnlySpan<double> row) => MemoryMarshal.Cast<double, Vector256<double>>(row);
}
