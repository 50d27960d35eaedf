using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training;

/// <summary>
/// Functions that give the same bits on every CPU and with every C library: nothing but additions, multiplications, divisions and
/// roots of IEEE 754, each rounded by itself. Those of <see cref="Math"/> are the C library's, which picks its code by the CPU.
/// Absolute or relative errors, whichever is larger, stay below 1e-15.
/// </summary>
internal static class ExactMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double PerLn2 = 1.4426950408889634;

    /// <summary>1/13!, 1/12!, ..., 1/0!.</summary>
    private static readonly double[] Exponential = [.. Enumerable.Range(0, 14).Select(i => 1 / Enumerable.Range(1, 13 - i).Aggregate(1.0, (product, n) => product * n))];

    /// <summary>1/23, 1/21, ..., 1/1.</summary>
    private static readonly double[] Logarithm = [.. Enumerable.Range(0, 12).Select(i => 1.0 / (23 - (2 * i)))];

    /// <summary>a b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) =>
        Fma.IsSupported || AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(a, b, c) : PlainMultiplyAdd(a, b, c);

    /// <summary>
    /// The same out of operations that every CPU has. In double the product is exact; the sum is rounded to odd (Boldo and Melquiond
    /// 2008), so that rounding it once more, to float, gives what one rounding would have given.
    /// </summary>
    public static float PlainMultiplyAdd(float a, float b, float c)
    {
        var product = (double)a * b;
        var sum = product + c;
        var back = sum - product;
        var lost = (product - (sum - back)) + (c - back);
        if (lost != 0 && double.IsFinite(sum))
        {
            var bits = BitConverter.DoubleToInt64Bits(sum);
            if ((bits & 1) == 0)
            {
                // Towards the exact value, to the neighbour whose last bit is 1.
                bits += (lost > 0) == (sum > 0) ? 1 : -1;
                sum = BitConverter.Int64BitsToDouble(bits);
            }
        }

        return (float)sum;
    }

    /// <summary>e^x; 0 below -708, infinite above 709.</summary>
    public static double Exp(double x)
    {
        if (!(x >= -708))
        {
            return double.IsNaN(x) ? x : 0;
        }

        if (x > 709)
        {
            return double.PositiveInfinity;
        }

        var n = Math.Floor((x * PerLn2) + 0.5);
        var r = (x - (n * Ln2High)) - (n * Ln2Low);
        return Polynomial(Exponential, r) * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }

    /// <summary>The natural logarithm of a normal number above 0; of others NaN, but 0 has minus infinity and infinity itself.</summary>
    public static double Log(double x)
    {
        if (!(x >= 2.2250738585072014e-308) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : double.IsPositiveInfinity(x) ? x : double.NaN;
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        return (exponent * Ln2High) + ((2 * s * Polynomial(Logarithm, s * s)) + (exponent * Ln2Low));
    }

    /// <summary>The cosine of half-turns: cos(pi x), for 0 to 1.</summary>
    public static double CosPi(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 1);

        // Halved until it is small, for a series of few terms; then doubled back by cos 2a = 2 cos^2 a - 1, kept as cos a - 1.
        var a = Math.PI * x / 16;
        var square = a * a;
        var term = 1.0;
        var sum = 0.0;
        for (var i = 1; i <= 8; i++)
        {
            term *= -square / ((2 * i) * ((2 * i) - 1));
            sum += term;
        }

        for (var i = 0; i < 4; i++)
        {
            sum = 2 * sum * (2 + sum);
        }

        return 1 + sum;
    }

    /// <summary>The product of <paramref name="count"/> factors, from the left.</summary>
    public static double Power(double factor, long count)
    {
        var product = 1.0;
        for (var i = 0L; i < count; i++)
        {
            product *= factor;
        }

        return product;
    }

    /// <summary>By Horner's rule; the coefficient of the highest power comes first.</summary>
    private static double Polynomial(double[] coefficients, double x)
    {
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
