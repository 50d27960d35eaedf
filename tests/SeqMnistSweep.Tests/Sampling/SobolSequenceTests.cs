using SeqMnistSweep.Sampling.Sobol;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class SobolSequenceTests
{
    /// <summary>As the program of Joe and Kuo prints them, and PyTorch's SobolEngine.</summary>
    private static readonly double[][] Published =
    [
        [0, 0, 0, 0, 0],
        [0.5, 0.5, 0.5, 0.5, 0.5],
        [0.75, 0.25, 0.25, 0.25, 0.75],
        [0.25, 0.75, 0.75, 0.75, 0.25],
        [0.375, 0.375, 0.625, 0.875, 0.375],
        [0.875, 0.875, 0.125, 0.375, 0.875],
        [0.625, 0.125, 0.875, 0.625, 0.625],
        [0.125, 0.625, 0.375, 0.125, 0.125],
        [0.1875, 0.3125, 0.9375, 0.4375, 0.5625],
    ];

    [Fact]
    public void Unscrambled_points_are_the_published_ones()
    {
        for (var number = 0; number < Published.Length; number++)
        {
            Assert.Equal(Published[number], Enumerable.Range(0, 5).Select(dimension => SobolSequence.At(number, dimension)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_dimension_has_one_point_in_each_of_256_cells(bool scrambled)
    {
        for (var dimension = 0; dimension < SobolSequence.MaxDimensions; dimension++)
        {
            var cells = Enumerable.Range(0, 256).Select(number => (int)(256 * (scrambled ? SobolSequence.Scrambled(number, dimension, 5) : SobolSequence.At(number, dimension))));
            Assert.Equal(Enumerable.Range(0, 256), cells.Order());
        }
    }

    [Fact]
    public void Scrambling_keeps_pairs_of_dimensions_even()
    {
        // The first two dimensions are a (0, 2)-sequence: 256 points, one in each of 16 by 16 cells.
        var cells = Enumerable.Range(0, 256).Select(number => ((int)(16 * SobolSequence.Scrambled(number, 0, 9)), (int)(16 * SobolSequence.Scrambled(number, 1, 9))));
        Assert.Equal(256, cells.Distinct().Count());
    }
}
