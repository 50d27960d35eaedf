using System.Security.Cryptography;
using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Networks;

namespace SeqMnistSweep.Training.Tests.Networks;

public sealed class InitialisationTests
{
    private static readonly TcnShape Notebook = new(8, 7, 30, 1);
    private static readonly IReadOnlyList<ParameterSlot> Slots = ParameterSlot.All(Notebook);

    [Fact]
    public void The_notebooks_network_has_96040_parameters() => Assert.Equal(96040, Slots.Sum(slot => slot.Count));

    [Fact]
    public void The_flat_buffer_has_no_gaps() =>
        Assert.All(Slots.Skip(1).Zip(Slots), pair => Assert.Equal(pair.Second.Offset + pair.Second.Count, pair.First.Offset));

    [Fact]
    public void Values_follow_from_the_seed_alone()
    {
        var values = Initialisation.Values(Notebook, Slots, 1111);
        Assert.Equal(values, Initialisation.Values(Notebook, Slots, 1111));
        Assert.NotEqual(values, Initialisation.Values(Notebook, Slots, 1112));
        Assert.Equal("f886165c7e73fca772069894984310459e413edf6bfb446b3e658fb8c863a41a", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()))));
    }

    [Theory]
    [InlineData("tcn.network.0.conv1.weight_v", 7)]
    [InlineData("tcn.network.3.conv2.weight_v", 210)]
    [InlineData("tcn.network.3.conv2.bias", 210)]
    [InlineData("tcn.network.0.downsample.bias", 1)]
    [InlineData("linear.weight", 30)]
    [InlineData("linear.bias", 30)]
    public void Weights_and_biases_are_uniform_within_the_bound_of_their_fan_in(string name, int fanIn)
    {
        var values = Of(name);
        var bound = 1 / Math.Sqrt(fanIn);
        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.True(values.Max() > 0.6 * bound && values.Min() < -0.6 * bound);
        Assert.InRange(values.Average() / bound, -2 / Math.Sqrt(values.Length), 2 / Math.Sqrt(values.Length));
    }

    [Fact]
    public void G_is_the_length_of_v()
    {
        var (v, g) = (Of("tcn.network.5.conv1.weight_v"), Of("tcn.network.5.conv1.weight_g"));
        for (var o = 0; o < 30; o++)
        {
            Assert.Equal(Math.Sqrt(v.Skip(o * 210).Take(210).Sum(value => (double)value * value)), g[o], 1e-6);
        }
    }

    [Fact]
    public void The_residual_convolution_alone_is_normal_with_a_hundredth()
    {
        var values = Enumerable.Range(0, 200).SelectMany(seed =>
        {
            var all = Initialisation.Values(Notebook, Slots, seed);
            var slot = Slots.Single(slot => slot.Name == "tcn.network.0.downsample.weight");
            return all.AsSpan(slot.Offset, slot.Count).ToArray();
        }).ToArray();
        Assert.InRange(values.Average(), -0.0005, 0.0005);
        Assert.InRange(Math.Sqrt(values.Average(value => (double)value * value)), 0.0097, 0.0103);
        Assert.InRange(values.Count(value => Math.Abs(value) > 0.0196) / (double)values.Length, 0.035, 0.065);
    }

    private static float[] Of(string name)
    {
        var slot = Slots.Single(slot => slot.Name == name);
        return Initialisation.Values(Notebook, Slots, 1111).AsSpan(slot.Offset, slot.Count).ToArray();
    }
}
