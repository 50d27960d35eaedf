using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Tests.Kernels;

namespace SeqMnistSweep.Training.Tests.Networks;

public sealed class DropoutMaskTests
{
    [Theory]
    [OnEveryWidth(0.05)]
    [OnEveryWidth(0.5)]
    [OnEveryWidth(0.999999)]
    public unsafe void Vectors_of_any_width_make_the_mask_of_the_definition(string width, double rate)
    {
        // Three images of seven rows of 40 channels: as many elements as 48 lanes hold.
        var expected = PlainMask.Of(3 * 7 * 48, rate, 99);
        using var memory = new AlignedMemory(7 * 48);
        var rows = new Rows(memory.Address, 40, 0, 7, 0);
        for (var image = 0; image < 3; image++)
        {
            memory.Span.Fill(1);
            OnEveryWidthAttribute.Kernels(width).Drop(rows, image, new MaskRule(rate, 99));
            for (var i = 0; i < 7 * 48; i++)
            {
                Assert.Equal(expected[(image * 7 * 48) + i], rows.At(i % 48 / 16, i / 48)[i % 16]);
            }
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void The_rate_is_kept_and_the_mean_stays_one(double rate)
    {
        var mask = PlainMask.Of(1_000_000, rate, 1);
        var zeros = mask.Count(value => value == 0) / 1e6;

        // Five standard deviations of a million draws, and half a step of 1/65536.
        var tolerance = (5 * Math.Sqrt(rate * (1 - rate) / 1e6)) + (0.5 / 65536);
        Assert.InRange(zeros, rate - tolerance, rate + tolerance);
        Assert.All(mask, value => Assert.True(value == 0 || value == (float)(1 / (1 - rate))));
    }

    [Fact]
    public void Neighbours_and_other_seeds_are_independent()
    {
        var a = PlainMask.Of(400_000, 0.5, 1);
        var b = PlainMask.Of(400_000, 0.5, 2);
        foreach (var lag in new[] { 1, 2, 3, 4, 8, 16, 30, 32 })
        {
            Assert.InRange(a.Skip(lag).Zip(a).Count(pair => pair.First == pair.Second) / (double)(a.Length - lag), 0.495, 0.505);
        }

        Assert.InRange(a.Zip(b).Count(pair => pair.First == pair.Second) / (double)a.Length, 0.495, 0.505);
    }
}
