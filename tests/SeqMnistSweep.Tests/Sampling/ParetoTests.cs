using SeqMnistSweep.Sampling.Nsga;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class ParetoTests
{
    [Fact]
    public void Ranks_count_the_fronts_before() =>
        Assert.Equal([0, 0, 0, 1, 2, 1], Pareto.Ranks([[1, 4], [2, 2], [4, 1], [2, 5], [5, 6], [3, 3]]));

    [Fact]
    public void Equal_points_do_not_dominate_each_other() => Assert.Equal([0, 0], Pareto.Ranks([[1, 2], [1, 2]]));

    [Fact]
    public void The_ends_of_a_front_are_never_crowded()
    {
        var crowding = Pareto.Crowding([[0, 4], [1, 1], [4, 0]]);
        Assert.Equal([double.PositiveInfinity, 2, double.PositiveInfinity], crowding);
    }

    [Fact]
    public void A_hypervolume_is_the_area_up_to_the_corner() =>
        Assert.Equal(4 + 1, Pareto.Hypervolume([(1, 2), (2, 1), (2.5, 2.5), (9, 0)], (3, 4)), 12);
}
