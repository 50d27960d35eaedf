using System.Security.Cryptography;
using System.Text;

namespace SeqMnistSweep.Datasets.Tests;

/// <summary>The vectors come from numpy: <c>RandomState(seed).permutation(length)</c>, its first ten and the SHA-256 of the comma-joined whole.</summary>
public sealed class PixelPermutationTests
{
    [Theory]
    [InlineData(0u, 784, "693,85,647,392,765,14,299,711,55,31", "2ed9b79de5785e86a7d92715884d149837d3bee030dd9ed8df4249c18ced1bef")]
    [InlineData(1u, 784, "649,265,111,301,339,559,742,202,600,680", "d842ea782a7a5a6bbdf744d57db8dfe521b72d3fb4277d7336d3034339a77977")]
    [InlineData(92916u, 784, "319,576,323,107,355,716,197,20,625,60", "b5c4665c0096a8f46ca2065aaeb8c1d9479ab73a0cf1f1b2bf6522ceb9d52323")]
    [InlineData(4294967295u, 784, "28,510,696,15,63,134,358,630,593,66", "54483f926f88bac87c9e8040d848c4999e0a6c390f625215b70c3cdff50e8421")]
    [InlineData(7u, 1, "0", "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9")]
    [InlineData(7u, 2, "0,1", "83b97b859aa5f81b2f0f86ba2a675efaf515ad2d5e2b8652cf2de7e1c2267350")]
    [InlineData(7u, 10, "8,5,0,2,1,9,7,3,6,4", "4ad03cdf910c59b737f7eea4ffcb8e1f780fa23d5a7a0c431655292953b1b3e3")]
    [InlineData(42u, 1000, "521,737,740,660,411,678,626,513,859,136", "15b7e96fba42a933e59028019615ecceab927d71af2b498bc9ff11e7322e2c07")]
    [InlineData(3u, 65537, "43125,60809,43113,18997,16118,64818,55309,43466,65372,43121", "3de55fb45d29c3bbbaac9e7f872cac52f5550ba4380154ffd6495174c5966cb4")]
    public void It_is_numpys_legacy_permutation(uint seed, int length, string begins, string digest)
    {
        var order = PixelPermutation.Create(seed, length);

        Assert.Equal(begins, string.Join(',', order.Take(10)));
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', order)))));
        Assert.Equal(Enumerable.Range(0, length), order.Order());
    }

    [Fact]
    public void Its_length_is_that_of_an_image_unless_said() => Assert.Equal(784, PixelPermutation.Create(0).Length);

    [Fact]
    public void No_pixels_are_permuted_to_none() => Assert.Empty(PixelPermutation.Create(0, 0));

    [Fact]
    public void A_negative_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => PixelPermutation.Create(0, -1));
}
