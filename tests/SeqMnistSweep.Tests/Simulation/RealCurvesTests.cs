using SeqMnistSweep.Simulation;
using Xunit.Abstractions;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>Schedules on real curves, each over thirty orders of the configurations.</summary>
public sealed class RealCurvesTests(ITestOutputHelper output)
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
    [InlineData("early_terminate: {type: asha, mode: stopping}")]
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

    /// <summary>Before, trials stopped at once, with eta 3. Eight workers begin eight trainings with a budget of eight: whoever pauses then ends late, and that is a fifth worse.</summary>
    [Theory]
    [InlineData(1, 8, 0.95)]
    [InlineData(1, 16, 0.95)]
    [InlineData(8, 8, 1.25)]
    [InlineData(8, 16, 1)]
    public void Asha_alone_against_its_former_defaults(int workers, int trainings, double most)
    {
        double Mean(string pruner) => new[] { 1, 2 }.Average(seed => Regrets($"early_terminate: {pruner}", seed, trainings * RealCurves.Epochs, workers, isEven: true, orders: 100).Average());
        var (now, before) = (Mean("{type: asha}"), Mean("{type: asha, mode: stopping, min_epochs: 1, eta: 3}"));
        output.WriteLine($"{workers} workers, {trainings} trainings: {now:0.0000}, before {before:0.0000}, ratio {now / before:0.00}");
        Assert.True(now < before * most, $"{now} after {before}");
    }

    private static List<double> Regrets(string pruner, int seed, double share, int workers = 1, bool isEven = false)
    {
        var curves = RealCurves.Of(seed);
        return Regrets(pruner, seed, (long)(share * curves.Length * RealCurves.Epochs), workers, isEven);
    }

    private static List<double> Regrets(string pruner, int seed, long budget, int workers, bool isEven, int orders = Orders)
    {
        var curves = RealCurves.Of(seed);
        curves = isEven ? [.. curves.Select(curve => curve with { Seconds = [.. curve.Values.Select(_ => 1.0)] })] : curves;
        return [.. Enumerable.Range(0, orders)
            .Select(order => new SweepSimulation(RealCurves.Definition(pruner), curves, workers, order, budget).Run())
            .Select(result => RealCurves.Best(curves) - result.Epochs.Max(epoch => epoch.Value))
            .Order()];
    }
}
