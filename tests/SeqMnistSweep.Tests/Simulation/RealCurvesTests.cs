using SeqMnistSweep.Simulation;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>Schedules on real curves, each over thirty orders of the configurations.</summary>
public sealed class RealCurvesTests
{
    private const int Orders = 30;

    [Fact]
    public void There_are_128_configurations_under_two_seeds()
    {
        Assert.All(new[] { 1, 2 }, seed => Assert.Equal(128, RealCurves.Of(seed).Length));
        Assert.All(RealCurves.Of(1), curve => Assert.Equal(RealCurves.Epochs, curve.Values.Length));
    }

    [Theory]
    [InlineData("stopping", 1)]
    [InlineData("stopping", 2)]
    [InlineData("promotion", 1)]
    [InlineData("promotion", 2)]
    public void Asha_finds_a_configuration_within_three_tenths_of_a_point_of_the_best_with_a_fifth_of_the_epochs(string mode, int seed)
    {
        var regrets = Regrets($"early_terminate: {{type: asha, mode: {mode}}}", seed, share: 0.2);
        Assert.True(regrets[Orders / 2] <= 0.003, $"median regret {regrets[Orders / 2]}");
    }

    [Theory]
    [InlineData("stopping", 1)]
    [InlineData("stopping", 2)]
    [InlineData("promotion", 1)]
    [InlineData("promotion", 2)]
    public void Asha_loses_less_than_random_search_with_as_many_epochs(string mode, int seed)
    {
        var (asha, random) = (Regrets($"early_terminate: {{type: asha, mode: {mode}}}", seed, share: 0.2), Regrets("", seed, share: 0.2));
        Assert.True(asha.Average() < random.Average() / 2, $"asha {asha.Average()}, random {random.Average()}");
    }

    [Theory]
    [InlineData("early_terminate: {type: asha, mode: promotion}")]
    [InlineData("early_terminate: {type: asha, max_epochs: 9, brackets: 3, mode: promotion}")]
    [InlineData("early_terminate: {type: asha}")]
    [InlineData("early_terminate: {type: hyperband, min_iter: 1}")]
    [InlineData("early_terminate: {type: median}")]
    [InlineData("early_terminate: {type: percentile}")]
    [InlineData("early_terminate: {type: patience, patience: 3}")]
    public void Every_rule_saves_epochs_and_keeps_within_a_point_of_the_best(string pruner)
    {
        var curves = RealCurves.Of(1);
        for (var order = 0; order < 5; order++)
        {
            var result = new SweepSimulation(RealCurves.Definition(pruner), curves, workers: 4, order).Run();
            Assert.InRange(result.Epochs.Length, 128, 128 * RealCurves.Epochs);
            Assert.InRange(RealCurves.Best(curves) - result.Epochs.Max(epoch => epoch.Value), 0, 0.01);
        }
    }

    /// <summary>Epochs of equal length: with the recorded ones the fast configurations have used up the epochs before the slow ones have arrived.</summary>
    [Theory]
    [InlineData("stopping")]
    [InlineData("promotion")]
    public void Sixteen_workers_find_it_with_a_quarter_of_the_epochs(string mode)
    {
        var regrets = Regrets($"early_terminate: {{type: asha, mode: {mode}}}", 1, share: 0.25, workers: 16, isEven: true);
        Assert.True(regrets[Orders / 2] <= 0.003, $"median regret {regrets[Orders / 2]}");
    }

    private static List<double> Regrets(string pruner, int seed, double share, int workers = 1, bool isEven = false)
    {
        var curves = RealCurves.Of(seed);
        curves = isEven ? [.. curves.Select(curve => curve with { Seconds = [.. curve.Values.Select(_ => 1.0)] })] : curves;
        var budget = (long)(share * curves.Length * RealCurves.Epochs);
        return [.. Enumerable.Range(0, Orders)
            .Select(order => new SweepSimulation(RealCurves.Definition(pruner), curves, workers, order, budget).Run())
            .Select(result => RealCurves.Best(curves) - result.Epochs.Max(epoch => epoch.Value))
            .Order()];
    }
}
