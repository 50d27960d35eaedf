using SeqMnistSweep.Fronts;

namespace SeqMnistSweep.Tests.Fronts;

public sealed class ParetoTests
{
    [Fact]
    public void A_front_is_dominated_by_those_before_alone() =>
        Assert.Equal([[0, 1, 2], [3, 5], [4]], Pareto.Fronts([[1, 4], [2, 2], [4, 1], [2, 5], [5, 6], [3, 3]]));

    [Fact]
    public void Equal_points_do_not_dominate_each_other() => Assert.Equal([[0, 1]], Pareto.Fronts([[1, 2], [1, 2]]));

    [Fact]
    public void Fronts_are_what_dominance_says_in_any_number_of_losses()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var points = Enumerable.Range(0, 40)
                .Select(_ => Enumerable.Range(0, 2 + (seed % 3)).Select(_ => (double)random.Next(6)).ToArray()).ToList();
            var left = Enumerable.Range(0, points.Count).ToList();
            foreach (var front in Pareto.Fronts(points))
            {
                var expected = left.Where(i => !left.Exists(j => Pareto.Dominates(points[j], points[i]))).ToList();
                Assert.Equal(expected, front.Order());
                left.RemoveAll(front.Contains);
            }

            Assert.Empty(left);
        }
    }

    [Fact]
    public void The_ends_of_a_front_are_never_crowded()
    {
        var crowding = Pareto.Crowding([[0, 4], [1, 1], [4, 0]]);
        Assert.Equal([double.PositiveInfinity, 2, double.PositiveInfinity], crowding);
    }

    [Fact]
    public void Of_the_front_that_is_too_large_the_least_crowded_are_the_best() =>
        Assert.Equal([0, 4, 3, 2], Pareto.Best([[0, 9], [1, 5], [2, 4], [5, 1], [9, 0], [9, 9]], 4).Select(point => point.Index));

    [Fact]
    public void A_hypervolume_is_the_area_up_to_the_corner() =>
        Assert.Equal(4 + 1, Pareto.Hypervolume([[1, 2], [2, 1], [2.5, 2.5], [9, 0]], [3, 4]), 12);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_hypervolume_of_more_losses_is_what_a_count_of_cells_says(int losses)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var points = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, losses).Select(_ => (double)random.Next(5)).ToArray()).ToList();
            var cells = Enumerable.Range(0, (int)Math.Pow(4, losses))
                .Select(cell => Enumerable.Range(0, losses).Select(axis => (double)(cell / (int)Math.Pow(4, axis) % 4)).ToArray());
            var expected = cells.Count(cell => points.Exists(point => point.Zip(cell).All(pair => pair.First <= pair.Second)));
            Assert.Equal(expected, Pareto.Hypervolume(points, [.. Enumerable.Repeat(4.0, losses)]), 9);
        }
    }
}
