using SeqMnistSweep.Importance;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Tables;

public sealed class ComparedReaderTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Where_none_was_stopped_early_the_completed_configurations_are_compared_by_their_values()
    {
        Given(seeds: 2, [Some.Completed(1, 0.5, 1), Some.Completed(2, 0.7, 1), Some.Completed(3, 0.9, 2), Failed(4)], _ => []);

        var compared = Read();
        Assert.Null(compared.Epoch);
        Assert.Equal((1, 0.6), compared.Points.Select(point => (point.Number, Math.Round(point.Value, 9))).Single());
    }

    [Fact]
    public void Where_a_pruner_stopped_trials_all_are_compared_at_the_epoch_that_nine_of_ten_reached()
    {
        // Of ten one ran to epoch 9, four to epoch 3, four to epoch 2 and one to epoch 1.
        int[] ends = [9, 3, 3, 3, 3, 2, 2, 2, 2, 1];
        Given(
            seeds: 1,
            [.. ends.Select((end, i) => Trial(i + 1, end, end == 9 ? TrialState.Completed : TrialState.Pruned)), Failed(11)],
            trial => Enumerable.Range(1, trial.Epoch).Select(epoch => Some.Report(epoch, (0.01 * trial.Number) + (0.1 * epoch % 0.3))));

        var compared = Read();
        Assert.Equal(2, compared.Epoch);
        Assert.Equal(Enumerable.Range(1, 9), compared.Points.Select(point => point.Number));
        Assert.Equal([false, .. Enumerable.Repeat(true, 8)], compared.Points.Select(point => point.Unfinished));
        Assert.All(compared.Points, point => Assert.Equal((0.01 * point.Number) + 0.2, point.Value, 9));
    }

    [Fact]
    public void A_configuration_whose_seeds_did_not_all_come_so_far_is_left_out()
    {
        Given(
            seeds: 2,
            [Trial(1, 2, TrialState.Pruned, 1), Trial(2, 2, TrialState.Paused, 1), Trial(3, 2, TrialState.Pruned, 2)],
            trial => [Some.Report(1, 0.1), Some.Report(2, 0.1 * trial.Number)]);

        Assert.Equal((1, 0.15, true), Read().Points.Select(point => (point.Number, Math.Round(point.Value, 9), point.Unfinished)).Single());
    }

    [Fact]
    public void An_epoch_without_a_number_counts_for_nothing()
    {
        Given(
            seeds: 1, [Trial(1, 2, TrialState.Pruned), Trial(2, 2, TrialState.Pruned)],
            trial => [Some.Report(1, double.NaN), Some.Report(2, trial.Number == 1 ? 0.4 : double.NaN)]);

        Assert.Equal((1, 0.4), Read().Points.Select(point => (point.Number, point.Value)).Single());
    }

    [Theory]
    [InlineData("bayes", true)]
    [InlineData("auto", true)]
    [InlineData("random", false)]
    [InlineData("grid", false)]
    public void A_search_that_looked_at_results_is_said_to_have(string method, bool isAdaptive)
    {
        Given(seeds: 1, [Some.Completed(1, 0.5)], _ => []);
        var sweep = _database.Reader.Sweep(Some.Id)! with { Method = method };
        var space = sweep.ReadDefinition()?.Space ?? throw new InvalidOperationException("its file is not valid");
        Assert.Equal(isAdaptive, new ComparedReader(_database.Path).Importance(sweep, space, ImportanceEstimate.UsualQuantile).IsAdaptive);
    }

    private ComparedPoints Read() => new ComparedReader(_database.Path).Points(Some.Id, "val_accuracy", maximize: true);

    private static TrialRecord Trial(int number, int epochs, TrialState state, int? configuration = null) =>
        Some.Completed(number, 0.5, configuration) with { State = state, Epoch = epochs, ValueEpoch = epochs };

    private static TrialRecord Failed(int number) => Some.Completed(number, 0.99) with { State = TrialState.Failed };

    private void Given(int seeds, TrialRecord[] trials, Func<TrialRecord, IEnumerable<EpochReport>> reports)
    {
        _database.Write(Some.Id, [Some.Adding(Some.Sweep() with { Seeds = seeds }), .. trials.Select(Some.Adding)]);
        _database.Write(Some.Id, [.. trials.SelectMany(trial => reports(trial).Select(report => Some.Reporting(trial.Number, 1, report)))]);
    }
}
