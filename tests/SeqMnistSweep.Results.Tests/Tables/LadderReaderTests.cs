using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Tables;

public sealed class LadderReaderTests
{
    private const string Asha = "{type: asha, min_epochs: 1, max_epochs: 4, eta: 2}";

    /// <summary>Of eight the first four end at epoch 1, two at epoch 2, two are trained to the end; whoever leads at epoch 1 leads later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_rung_says_who_went_on_what_was_saved_and_whether_its_order_held(bool maximize)
    {
        using var database = Database(Asha, maximize);
        var ladder = new LadderReader(database.Path).Of(new ResultReader(database.Path).Sweep(Some.Id)!);
        Assert.Equal(
            [(1, 8, 4, 12, 4, 1.0), (2, 4, 2, 4, 2, null)],
            ladder.Select(rung => (rung.Epoch, rung.Reached, rung.Beyond, rung.Saved, rung.Compared, rung.Correlation)));
        Assert.Equal("rank correlation with later epochs 1.00 (4 curves), among those that went on", ladder[0].Found);
        Assert.Null(ladder[1].Chance);
    }

    /// <summary>Bands at 1 and 3; its threshold moves, so two of them are stopped between the bands.</summary>
    [Fact]
    public void A_band_of_hyperband_has_stopped_who_did_not_come_to_the_next_one()
    {
        using var database = Database("{type: hyperband, min_iter: 1, eta: 3}", maximize: true);
        var ladder = new LadderReader(database.Path).Of(new ResultReader(database.Path).Sweep(Some.Id)!);
        Assert.Equal(
            [(1, 8, 2, 16, 4), (3, 2, 2, 0, 2)],
            ladder.Select(rung => (rung.Epoch, rung.Reached, rung.Beyond, rung.Saved, rung.Compared)));
    }

    [Theory]
    [InlineData("{type: median}")]
    [InlineData(null)]
    public void Where_trials_are_compared_at_every_epoch_there_are_no_rungs(string? pruner)
    {
        using var database = Database(pruner, true);
        Assert.Empty(new LadderReader(database.Path).Of(new ResultReader(database.Path).Sweep(Some.Id)!));
    }

    private static TestDatabase Database(string? pruner, bool maximize)
    {
        var database = new TestDatabase();
        var early = pruner is null ? "" : $"early_terminate: {pruner}\n";
        var sweep = Some.Sweep(maximize: maximize) with
        {
            Source = $"method: random\nrun_cap: 8\nmetric: {{name: val_accuracy, goal: {(maximize ? "maximize" : "minimize")}}}\n"
                + $"parameters: {{lr: {{min: 0.001, max: 0.1}}, epochs: {{value: 4}}}}\n{early}",
            Metric = "val_accuracy",
        };
        var trials = Enumerable.Range(1, 8).Select(number => Some.Completed(number, 0.5) with
        {
            Epoch = number <= 4 ? 1 : number <= 6 ? 2 : 4,
            State = number <= 6 ? TrialState.Pruned : TrialState.Completed,
        }).ToList();
        database.Write(Some.Id, [Some.Adding(sweep), .. trials.Select(Some.Adding)]);
        database.Write(Some.Id,
        [
            .. trials.SelectMany(trial => Enumerable.Range(1, trial.Epoch).Select(epoch =>
                Some.Reporting(trial.Number, 1, Some.Report(epoch, (maximize ? 1 : -1) * 0.01 * ((10 * trial.Number) + epoch))))),
        ]);
        return database;
    }
}
