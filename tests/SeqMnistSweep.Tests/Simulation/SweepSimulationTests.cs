using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Simulation;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Simulation;

public sealed class SweepSimulationTests
{
    [Fact]
    public void Without_a_pruner_everything_is_trained_and_time_is_shared_by_the_workers()
    {
        var result = Simulate("", 8, workers: 4);
        Assert.Equal(8 * 9, result.Epochs.Length);
        Assert.All(result.Trials, trial => Assert.Equal(TrialState.Completed, trial.State));
        Assert.Equal(TimeSpan.FromSeconds(2 * 9), result.Took);
    }

    [Fact]
    public void Promotion_lets_on_at_least_those_that_successive_halving_would()
    {
        var result = Simulate("early_terminate: {type: asha, mode: promotion, eta: 3}", 27, workers: 1);
        Assert.Superset(Enumerable.Range(0, 9).ToHashSet(), result.Epochs.Where(done => done.Epoch == 3).Select(done => done.Curve).ToHashSet());
        Assert.Superset(Enumerable.Range(0, 3).ToHashSet(), result.Trials.Where(trial => trial.State == TrialState.Completed).Select(CurveOf).ToHashSet());
        Assert.Equal(27, result.Trials.Count(trial => trial.State is TrialState.Completed or TrialState.Pruned));
        Assert.InRange(result.Epochs.Length, 27 + (9 * 2) + (3 * 6), 27 * 9 / 2);
    }

    [Fact]
    public void A_promoted_trial_goes_on_where_it_paused()
    {
        var result = Simulate("early_terminate: {type: asha, mode: promotion, eta: 3}", 9, workers: 3);
        Assert.All(result.Epochs.GroupBy(epoch => epoch.Trial), trial => Assert.Equal(Enumerable.Range(1, trial.Count()), trial.Select(epoch => epoch.Epoch)));
    }

    [Fact]
    public void Promotions_come_before_new_configurations()
    {
        var result = Simulate("early_terminate: {type: asha, mode: promotion, min_epochs: 1, eta: 3}", 30, workers: 1);
        var arrived = 0;
        foreach (var epoch in result.Epochs)
        {
            // Whenever something new begins, the rung is used up: a third of those there have passed it, or more by earlier ranks.
            Assert.True(epoch.Epoch != 1 || result.Epochs.TakeWhile(other => other != epoch).Count(other => other.Epoch == 2) >= arrived / 3, $"trial {epoch.Trial}");
            arrived += epoch.Epoch == 1 ? 1 : 0;
        }
    }

    [Fact]
    public void A_sweep_too_small_for_its_rungs_completes_its_best()
    {
        var result = Simulate("early_terminate: {type: asha, mode: promotion, eta: 4}", 2, workers: 2);
        Assert.Equal(0, CurveOf(Assert.Single(result.Trials, trial => trial.State == TrialState.Completed)));
    }

    [Fact]
    public void Nothing_is_trained_beyond_the_budget() => Assert.Equal(50, Simulate("", 27, workers: 3, budget: 50).Epochs.Length);

    [Fact]
    public void A_trial_whose_value_is_no_number_ends_at_once()
    {
        ImmutableArray<RecordedCurve> curves = [new("good", [0.5, 0.6, 0.7], [1, 1, 1]), new("bad", [0.9, double.NaN, 0.9], [1, 1, 1])];
        var result = new SweepSimulation(Definition("early_terminate: {type: median}"), curves, workers: 1, seed: 0).Run();
        Assert.Equal(2, result.Epochs.Count(epoch => epoch.Curve == 1));
        Assert.Equal(TrialState.Pruned, result.Trials.Single(trial => CurveOf(trial) == 1).State);
    }

    [Theory]
    [InlineData("early_terminate: {type: asha, mode: stopping}")]
    [InlineData("early_terminate: {type: asha, mode: promotion}")]
    [InlineData("early_terminate: {type: asha, mode: promotion, max_epochs: 9, brackets: 3, eta: 2}")]
    [InlineData("early_terminate: {type: hyperband, min_iter: 1}")]
    public void The_best_is_found_and_nothing_stands_still_whatever_the_order_and_the_number_of_workers(string pruner)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var result = Simulate(pruner, 20 + seed, workers: 1 + (seed % 5), seed);
            Assert.All(result.Trials, trial => Assert.True(trial.State.IsFinal()));
            Assert.Equal(TrialState.Completed, result.Trials.Single(trial => CurveOf(trial) == 0).State);
            Assert.Equal(20 + seed, result.Trials.Length);
        }
    }

    private static SimulationResult Simulate(string pruner, int trials, int workers, long seed = 3, long? budget = null) =>
        new SweepSimulation(Definition(pruner), Curves(trials), workers, seed, budget).Run();

    private static SweepDefinition Definition(string pruner) =>
        SweepFile.Parse($"program: noop\nmethod: grid\nmetric: {{name: value, goal: maximize}}\nparameters: {{x: {{values: [1]}}}}\n{pruner}", "x.yaml").Definition!;

    /// <summary>Number 0 is the best in every epoch, and so on.</summary>
    private static ImmutableArray<RecordedCurve> Curves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new RecordedCurve($"{i}", [.. Enumerable.Range(1, 9).Select(epoch => 1 - (0.5 / epoch) - (i * 0.001))], [.. Enumerable.Repeat(1.0, 9)]))];

    private static int CurveOf(SeqMnistSweep.Scheduling.TrialRecord trial) => (int)trial.Parameters["recorded"]!.AsInteger();
}
