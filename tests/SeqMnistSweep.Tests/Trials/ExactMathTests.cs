using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Trials;

public sealed class ExactMathTests
{
    [Fact]
    public void Exponentials_logarithms_and_cosines_are_right_to_a_few_units_in_the_last_place()
    {
        var random = new SplitMix64(6);
        for (var i = 0; i < 300_000; i++)
        {
            var x = (random.NextUnit() * 1400) - 700;
            Assert.InRange(ExactMath.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
            var tiny = -706 + (x / 18);
            Assert.Equal(Math.Exp(tiny), ExactMath.Exp(tiny), 5e-324 + (1e-15 * Math.Exp(tiny)));
            var y = Math.Exp((random.NextUnit() * 1400) - 700);
            Assert.Equal(Math.Log(y), ExactMath.Log(y), 4e-16 * Math.Max(1, Math.Abs(Math.Log(y))));
            var z = random.NextUnit();
            Assert.Equal(Math.Cos(Math.PI * z), ExactMath.CosPi(z), 2e-15);
        }
    }

    [Fact]
    public void The_ends_of_their_ranges_are_what_they_are_elsewhere()
    {
        Assert.Equal([1, 0, double.PositiveInfinity, 0], new[] { 0, double.NegativeInfinity, double.PositiveInfinity, -1000.0 }.Select(ExactMath.Exp));
        Assert.Equal([0, double.NegativeInfinity, double.PositiveInfinity], new[] { 1.0, 0, double.PositiveInfinity }.Select(ExactMath.Log));
        Assert.Equal(Math.Log(5e-324), ExactMath.Log(5e-324), 1e-12);
        Assert.InRange(ExactMath.Exp(709.78) / Math.Exp(709.78), 1 - 1e-15, 1 + 1e-15);
        Assert.Equal([double.PositiveInfinity, 5e-324], new[] { 709.8, -745 }.Select(ExactMath.Exp));
        Assert.All(new[] { ExactMath.Exp(double.NaN), ExactMath.Log(double.NaN), ExactMath.Log(-1) }, value => Assert.True(double.IsNaN(value)));
        Assert.Equal([1, 0.5, -1], new[] { 0, 1 / 3.0, 1.0 }.Select(x => Math.Round(ExactMath.CosPi(x), 14)));
        Assert.Equal(0.125, ExactMath.Power(0.5, 3));
        Assert.Equal(1, ExactMath.Power(0.9, 0));
    }
}
