using SeqMnistSweep.Sampling.Gaussian;

namespace SeqMnistSweep.Tests.Sampling.Gaussian;

public sealed class PowerTransformTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Skewed_values_become_even_and_keep_their_order(int kind)
    {
        var random = new Random(kind);
        double[] values = [.. Enumerable.Range(0, 200).Select(_ => kind switch
        {
            0 => Math.Exp(3 * Normal(random)),
            1 => -Math.Exp(Normal(random)),
            _ => 1e6 + Normal(random),
        })];
        var transform = new PowerTransform(values);
        double[] told = [.. values.Select(transform.Of)];
        Assert.Equal(0, told.Average(), 6);
        Assert.Equal(1, told.Average(value => value * value), 6);
        Assert.InRange(told.Average(value => value * value * value), -0.6, 0.6);
        Assert.Equal(values.Order().Select(transform.Of), told.Order());
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
