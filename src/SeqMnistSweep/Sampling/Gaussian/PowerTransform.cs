namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>The transform of Yeo and Johnson (2000) that makes values most like a sample of a normal distribution: losses crowd at their
/// good end and have a long bad one, which a Gaussian process does not expect. Median and quartiles set the scale before, mean and
/// deviation after.</summary>
internal sealed class PowerTransform
{
    private const double Least = -3;

    /// <summary>No more than none: above, the good end would be drawn together, where the differences are that a search is after.</summary>
    private const double Most = 1;
    private const int Sections = 32;

    private readonly double _middle;
    private readonly double _spread;
    private readonly double _lambda;
    private readonly double _mean;
    private readonly double _deviation;

    public PowerTransform(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        _middle = sorted[sorted.Count / 2];
        _spread = sorted[(sorted.Count - 1) * 3 / 4] - sorted[sorted.Count / 4];
        _spread = _spread > 0 ? _spread : sorted[^1] - sorted[0];
        _spread = _spread > 0 && double.IsFinite(_spread) ? _spread : 1;
        var scaled = values.Select(Scaled).ToArray();
        _lambda = Likeliest(scaled);
        var powers = scaled.Select(value => Power(value, _lambda)).ToArray();
        _mean = powers.Average();
        _deviation = Math.Sqrt(powers.Sum(power => (power - _mean) * (power - _mean)) / powers.Length);
        _deviation = _deviation > 0 ? _deviation : 1;
    }

    /// <summary>The value that <see cref="Of"/> takes to <paramref name="power"/>; the nearest there is.</summary>
    public double Inverse(double power)
    {
        var raised = (power * _deviation) + _mean;
        var (size, exponent) = raised >= 0 ? (raised, _lambda) : (-raised, 2 - _lambda);
        var scaled = Math.Abs(exponent) < 1e-8
            ? Math.Exp(size) - 1
            : Math.Pow(Math.Max(1e-300, 1 + (exponent * size)), 1 / exponent) - 1;
        return _middle + (_spread * Math.Clamp(raised >= 0 ? scaled : -scaled, -1e6, 1e6));
    }

    public double Of(double value) => (Power(Scaled(value), _lambda) - _mean) / _deviation;

    private double Scaled(double value) => Math.Clamp((value - _middle) / _spread, -1e6, 1e6);

    /// <summary>By golden section: the likelihood has one maximum.</summary>
    private static double Likeliest(double[] values)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Least, Most);
        var (left, right) = (high - (golden * (high - low)), low + (golden * (high - low)));
        var (atLeft, atRight) = (LogLikelihood(values, left), LogLikelihood(values, right));
        for (var i = 0; i < Sections; i++)
        {
            if (atLeft > atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (golden * (high - low));
                atLeft = LogLikelihood(values, left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (golden * (high - low));
                atRight = LogLikelihood(values, right);
            }
        }

        return (low + high) / 2;
    }

    private static double LogLikelihood(double[] values, double lambda)
    {
        double sum = 0, squares = 0, logs = 0;
        foreach (var value in values)
        {
            var power = Power(value, lambda);
            sum += power;
            squares += power * power;
            logs += Math.Sign(value) * Math.Log(1 + Math.Abs(value));
        }

        var variance = (squares / values.Length) - (sum / values.Length * (sum / values.Length));
        return ((lambda - 1) * logs) - (0.5 * values.Length * Math.Log(Math.Max(variance, 1e-12)));
    }

    private static double Power(double value, double lambda)
    {
        var (size, exponent) = value >= 0 ? (1 + value, lambda) : (1 - value, 2 - lambda);
        var power = Math.Abs(exponent) < 1e-8 ? Math.Log(size) : (Math.Pow(size, exponent) - 1) / exponent;
        return value >= 0 ? power : -power;
    }
}
