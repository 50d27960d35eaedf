using System.Collections.Immutable;
using Dapper;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Reading;

public sealed class ParetoTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void The_configurations_that_no_other_beats_are_on_it()
    {
        Given((1, 1, 0.9, 9), (2, 2, 0.8, 5), (3, 3, 0.7, 6), (4, 4, 0.6, 1), (5, 5, 0.9, 9));
        Assert.Equal(["1", "5", "2", "4"], Front().Select(row => row.Trial));
    }

    [Fact]
    public void Values_are_means_over_seeds_by_the_metrics_names()
    {
        Given((1, 1, 0.9, 4), (2, 1, 0.7, 8), (3, 2, 0.5, 7));
        Assert.Equal([("1", """{"val_accuracy":0.8,"cost":6.0}""")], Front());
    }

    [Fact]
    public void Who_lacks_a_seed_is_not_on_it_and_keeps_nobody_off()
    {
        Given(
            Some.Sweep() with { Seeds = 2, Metrics = [new MetricGoal("val_accuracy", true), new MetricGoal("cost", false)] },
            (1, 1, 0.9, 1), (2, 2, 0.5, 4), (3, 2, 0.5, 6), (4, 3, 0.9, 2), (5, 3, 0.9, double.NaN));
        Assert.Equal([("2", """{"val_accuracy":0.5,"cost":5.0}""")], Front());
    }

    [Fact]
    public void A_metric_that_is_no_number_keeps_a_configuration_off()
    {
        Given((1, 1, 0.9, double.NaN), (2, 2, 0.1, 3));
        Assert.Equal(["2"], Front().Select(row => row.Trial));
    }

    [Fact]
    public void A_sweep_with_one_metric_has_no_front()
    {
        Given(Some.Sweep(), (1, 1, 0.9, 1));
        Assert.Empty(Front());
    }

    private void Given(params (int Number, int Configuration, double Accuracy, double Cost)[] trials) =>
        Given(Some.Sweep() with { Metrics = [new MetricGoal("val_accuracy", true), new MetricGoal("cost", false)] }, trials);

    private void Given(SweepRecord sweep, params (int Number, int Configuration, double Accuracy, double Cost)[] trials) => _database.Write(
        Some.Id,
        [
            Some.Adding(sweep),
            .. trials.SelectMany(trial => new[]
            {
                Some.Adding(Some.Trial(trial.Number, trial.Configuration) with { State = TrialState.Running, Lease = 1, Attempts = 1 }),
                Some.Reporting(trial.Number, 1, new EpochReport(4, ImmutableSortedDictionary<string, double>.Empty.Add("val_accuracy", trial.Accuracy).Add("cost", trial.Cost))),
                new SweepChange.TrialUpdated(Some.Completed(trial.Number, trial.Accuracy, trial.Configuration), 1),
            }),
        ]);

    private List<(string Trial, string Values)> Front()
    {
        using var connection = _database.Foreign();
        return connection.Query<(string Trial, string Values)>("select replace(trial, 'tcn-7f3k/', ''), \"values\" from pareto").AsList();
    }
}
