using SeqMnistSweep.Sampling.Gaussian;

namespace SeqMnistSweep.Tests.Sampling.Gaussian;

public sealed class PowerTransformTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.001, 1e6)]
    public void A_long_bad_end_becomes_short_and_the_order_stays(double skew, double scale)
    {
        var random = new Random(0);
        double[] values = [.. Enumerable.Range(0, 200).Select(_ => scale * Math.Exp(skew * Normal(random)))];
        var transform = new PowerTransform(values);
        double[] told = [.. values.Select(transform.Of)];
        Assert.Equal(0, told.Average(), 6);
        Assert.Equal(1, told.Average(value => value * value), 6);
        Assert.InRange(told.Average(value => value * value * value), -1, 1);
        Assert.Equal(values.Order().Select(transform.Of), told.Order());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0.5)]
    public void The_inverse_takes_back_what_was_transformed(double skew)
    {
        var random = new Random(0);
        double[] values = [.. Enumerable.Range(0, 50).Select(_ => Math.Exp(skew * Normal(random)))];
        var transform = new PowerTransform(values);
        Assert.All(values, value => Assert.Equal(1, transform.Inverse(transform.Of(value)) / value, 6));
    }

    [Fact]
    public void An_improvement_in_the_metric_s_unit_is_that_of_the_textbook_where_nothing_is_transformed()
    {
        foreach (var (mean, deviation, best) in new[] { (0.2, 0.5, 0.1), (-1, 0.3, 0), (2, 0.5, 0) })
        {
            var expected = Math.Exp(ExpectedImprovement.Log(mean, deviation, best));
            Assert.Equal(1, ExpectedImprovement.Of(mean, deviation, best, value => value) / expected, 2);
            Assert.Equal(1, ExpectedImprovement.Of(mean, deviation, best, value => (10 * value) + 3) / (10 * expected), 2);
        }
    }

    [Fact]
    public void A_long_good_end_is_left_as_it_is()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => -Math.Exp(i / 10.0))];
        double[] told = [.. values.Select(new PowerTransform(values).Of)];
        Assert.Equal(values[^1] / values[^2], (told[^1] - told[0]) / (told[^2] - told[0]), 1);
    }

    [Theory]
    [InlineData(new double[] { 3, 3, 3 })]
    [InlineData(new double[] { 0, 0, 0, 1 })]
    [InlineData(new[] { 1, double.MaxValue, -double.MaxValue, 2 })]
    [InlineData(new[] { 1e300, 1e-300 })]
    [InlineData(new double[] { 7 })]
    public void Any_finite_values_give_finite_ones(double[] values) =>
        Assert.All(values.Select(new PowerTransform(values).Of), told => Assert.True(double.IsFinite(told), $"{told}"));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
