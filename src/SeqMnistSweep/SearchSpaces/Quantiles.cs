namespace SeqMnistSweep.SearchSpaces;

/// <summary>Quantile functions that .NET lacks.</summary>
internal static class Quantiles
{
    /// <summary>Half of the smallest step of a 53-bit unit: keeps unit 0 from meaning minus infinity.</summary>
    private const double Smallest = 1.0 / (1UL << 54);

    // Wichura, Algorithm AS 241 (1988), PPND16: about 16 digits. Highest power first.
    private static readonly double[] CentreTop =
        [
            2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4,
            1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080,
        ];
    private static readonly double[] CentreBottom =
        [
            5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3,
            6.8718700749205790830e2, 4.2313330701600911252e1, 1,
        ];
    private static readonly double[] MiddleTop =
        [
            7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
            3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
        ];
    private static readonly double[] MiddleBottom =
        [
            1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
            6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1,
        ];
    private static readonly double[] TailTop =
        [
            2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
            2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
        ];
    private static readonly double[] TailBottom =
        [
            2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
            1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
        ];

    // Lanczos, g = 7, n = 9.
    private static readonly double[] Lanczos =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];

    /// <summary>Of the standard normal distribution.</summary>
    public static double Normal(double unit)
    {
        unit = Math.Max(unit, Smallest);
        var q = unit - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - (q * q);
            return q * Polynomial(CentreTop, r) / Polynomial(CentreBottom, r);
        }

        var root = Math.Sqrt(-ExactMath.Log(q < 0 ? unit : 1 - unit));
        var value = root <= 5
            ? Polynomial(MiddleTop, root - 1.6) / Polynomial(MiddleBottom, root - 1.6)
            : Polynomial(TailTop, root - 5) / Polynomial(TailBottom, root - 5);
        return q < 0 ? -value : value;
    }

    /// <summary>Of the beta distribution, by bisection of its distribution function.</summary>
    public static double Beta(double unit, double a, double b)
    {
        var low = 0.0;
        var high = 1.0;
        for (var i = 0; i < 60; i++)
        {
            var middle = 0.5 * (low + high);
            if (BetaCumulative(middle, a, b) < unit)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return 0.5 * (low + high);
    }

    private static double BetaCumulative(double x, double a, double b)
    {
        if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;

        var front = ExactMath.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * ExactMath.Log(x)) + (b * ExactMath.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    /// <summary>The continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes, 6.4).</summary>
    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        var c = 1.0;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var result = d;
        for (var m = 1; m <= 300; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            result *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15) break;
        }

        return result;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    private static double LogGamma(double x)
    {
        if (x < 0.5) return ExactMath.Log(Math.PI / ExactMath.CosPi(0.5 - x)) - LogGamma(1 - x);

        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }

        var t = x + 7.5;
        return (0.5 * ExactMath.Log(2 * Math.PI)) + ((x + 0.5) * ExactMath.Log(t)) - t + ExactMath.Log(sum);
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        var value = 0.0;
        foreach (var coefficient in coefficients)
        {
            value = (value * x) + coefficient;
        }

        return value;
    }
}
