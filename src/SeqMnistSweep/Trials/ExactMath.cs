namespace SeqMnistSweep.Trials;

/// <summary>Functions that give the same bits on every CPU and with every C library: nothing but additions, multiplications, divisions and
/// roots of IEEE 754, each rounded by itself. Those of <see cref="Math"/> are the C library's, which picks its code by the CPU: glibc's
/// exp, log, pow and sin differ in the last bit between processors with and without a fused multiply-add. Relative errors stay below 1e-15,
/// absolute ones where the result is near 0.</summary>
public static class ExactMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double PerLn2 = 1.4426950408889634;

    /// <summary>1/13!, 1/12!, ..., 1/0!.</summary>
    private static readonly double[] Exponential = [.. Enumerable.Range(0, 14)
        .Select(i => 1 / Enumerable.Range(1, 13 - i).Aggregate(1.0, (product, n) => product * n))];

    /// <summary>1/23, 1/21, ..., 1/1.</summary>
    private static readonly double[] Logarithm = [.. Enumerable.Range(0, 12).Select(i => 1.0 / (23 - (2 * i)))];

    /// <summary>e^x; 0 below -745.2, infinite above 709.79, NaN for NaN.</summary>
    public static double Exp(double x)
    {
        if (!(x >= -745.2)) return double.IsNaN(x) ? x : 0;

        if (x > 709.79) return double.PositiveInfinity;

        var n = (long)Math.Floor((x * PerLn2) + 0.5);
        var r = (x - (n * Ln2High)) - (n * Ln2Low);

        // In two steps: 2^n alone may be too large or too small.
        return Polynomial(Exponential, r) * PowerOfTwo(n / 2) * PowerOfTwo(n - (n / 2));
    }

    /// <summary>The natural logarithm; minus infinity for 0, NaN below 0.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        var scaled = x < 2.2250738585072014e-308 ? x * PowerOfTwo(54) : x;
        var bits = BitConverter.DoubleToInt64Bits(scaled);
        var exponent = (int)(bits >> 52) - 1023 - (scaled == x ? 0 : 54);
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

    private static double PowerOfTwo(long exponent) => BitConverter.Int64BitsToDouble((exponent + 1023) << 52);

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
