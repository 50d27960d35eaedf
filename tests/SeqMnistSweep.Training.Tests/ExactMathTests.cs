using System.Runtime.Intrinsics;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests;

public sealed class ExactMathTests
{
    /// <summary>Any bits at all, and neighbours of each other's products: where one rounding and two differ.</summary>
    [Fact]
    public void A_multiply_add_of_plain_operations_is_the_fused_one()
    {
        var random = new SplitMix64(5);
        for (var i = 0; i < 2_000_000; i++)
        {
            var (bits, more) = (random.Next(), random.Next());
            var (a, b) = (BitConverter.UInt32BitsToSingle((uint)bits), BitConverter.UInt32BitsToSingle((uint)(bits >> 32)));
            var c = (more & 3) switch
            {
                0 => BitConverter.UInt32BitsToSingle((uint)(more >> 32)),
                1 => -(a * b),
                2 => MathF.ScaleB(a * b, (int)((more >> 8) % 60) - 30),
                _ => MathF.ScaleB(1 + (((more >> 8) % 3) * 1.1920929e-7f), (int)((more >> 16) % 80) - 40) * (((more >> 40) & 1) == 0 ? 1 : -1),
            };
            var expected = MathF.FusedMultiplyAdd(a, b, c);
            var inVectors = Lanes128.PlainMultiplyAdd(Vector128.Create(0, 1, a, 0), Vector128.Create(0, 1, b, 0), Vector128.Create(0, 1, c, 0));
            foreach (var actual in new[] { ExactMath.PlainMultiplyAdd(a, b, c), inVectors[2] })
            {
                Assert.True(
                    float.IsNaN(expected) ? float.IsNaN(actual) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual),
                    $"{a:R} * {b:R} + {c:R} is {expected:R}, not {actual:R}");
            }
        }
    }

    [Fact]
    public void Exponentials_logarithms_and_cosines_are_right_to_a_few_units_in_the_last_place()
    {
        var random = new SplitMix64(6);
        for (var i = 0; i < 300_000; i++)
        {
            var x = (random.NextUnit() * 1400) - 700;
            Assert.InRange(ExactMath.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
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
        Assert.All(new[] { ExactMath.Exp(double.NaN), ExactMath.Log(double.NaN), ExactMath.Log(-1) }, value => Assert.True(double.IsNaN(value)));
        Assert.Equal([1, 0.5, -1], new[] { 0, 1 / 3.0, 1.0 }.Select(x => Math.Round(ExactMath.CosPi(x), 14)));
        Assert.Equal(0.125, ExactMath.Power(0.5, 3));
        Assert.Equal(1, ExactMath.Power(0.9, 0));
    }
}
