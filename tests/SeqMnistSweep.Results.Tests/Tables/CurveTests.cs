using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Tables;

public sealed class CurveTests
{
    [Fact]
    public void Few_points_are_all_kept() => Assert.Equal([0, 1, 2], CurveThinning.Keep([1, null, 3], 10));

    [Fact]
    public void As_many_pixels_as_there_can_be_keep_all() => Assert.Equal([0, 1, 2], CurveThinning.Keep([1, null, 3], int.MaxValue));

    [Fact]
    public void Of_each_pixel_the_extremes_stay_and_both_ends()
    {
        double?[] y = [5, 1, 9, 5, 5, 5, 5, 7, 2, 6];
        var kept = CurveThinning.Keep(y, 2);
        Assert.Equal([0, 1, 2, 7, 8, 9], kept);
    }

    [Fact]
    public void A_thinned_curve_has_the_same_highest_and_lowest_value_whatever_its_length()
    {
        for (var length = 1; length < 400; length += 7)
        {
            var y = Enumerable.Range(0, length).Select(i => i % 11 == 3 ? (double?)null : Math.Sin(i * 12.9898) * i).ToList();
            var kept = CurveThinning.Keep(y, 20).Select(i => y[i]).ToList();
            Assert.Equal((y.Max(), y.Min()), (kept.Max(), kept.Min()));
            Assert.True(kept.Count <= Math.Max(length <= 40 ? 40 : 0, 42));
        }
    }

    [Fact]
    public void Curves_come_by_trial_and_by_metric()
    {
        using var database = new TestDatabase();
        database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1) with { State = TrialState.Running, Lease = 1 }), Some.Adding(Some.Trial(2)));
        database.Write(Some.Id, Some.Reporting(1, 1, Some.Report(1, 0.5)), Some.Reporting(1, 1, Some.Report(2, double.NaN)), Some.Reporting(1, 1, Some.Report(3, 0.75)));
        var reader = new CurveReader(database.Path);

        var curves = reader.Of(Some.Id, "val_accuracy", [1, 2], 100);
        Assert.Equal([1, 2, 3], curves[0].Epochs);
        Assert.Equal([0.5, null, 0.75], curves[0].Values);
        Assert.Empty(curves[1].Epochs);

        var trial = reader.Of(new TrialId(Some.Id, 1), 100);
        Assert.Equal(3, trial.Reported);
        Assert.Equal(["train_loss", "val_accuracy"], trial.Metrics.Select(metric => metric.Metric));
        Assert.Equal([3], reader.Of(new TrialId(Some.Id, 1), 100, after: 2).Metrics[0].Epochs);
    }

    [Fact]
    public void Rungs_are_the_epochs_at_which_trials_were_stopped_and_the_last_one()
    {
        using var database = new TestDatabase();
        static TrialRecord Ended(int number, int epochs, TrialState state) => Some.Completed(number, 0.5) with { State = state, Epoch = epochs };
        var trials = new[] { Ended(1, 4, TrialState.Completed), Ended(2, 2, TrialState.Pruned), Ended(3, 1, TrialState.Failed) };
        database.Write(Some.Id, [Some.Adding(Some.Sweep()), .. trials.Select(Some.Adding)]);
        database.Write(Some.Id, [.. trials.SelectMany(trial => Enumerable.Range(1, trial.Epoch).Select(epoch => Some.Reporting(trial.Number, 1, Some.Report(epoch, epoch == 4 ? double.NaN : 0.1 * epoch))))]);

        var rungs = new CurveReader(database.Path).Rungs(Some.Id, "val_accuracy");
        Assert.Equal([(1L, "completed", 2L, 0.2), (2, "pruned", 2, 0.2)], rungs.Trials.Select((trial, i) => (trial, rungs.States[i], rungs.Epochs[i], rungs.Values[i])));
        Assert.Equal(3, new CurveReader(database.Path).Rungs(Some.Id, "train_loss").Values.Count);
    }

    [Fact]
    public void The_history_has_the_trials_that_were_the_best_so_far()
    {
        using var database = new TestDatabase();
        database.Write(Some.Id,
        [
            Some.Adding(Some.Sweep()),
            .. new double?[] { 0.5, null, 0.4, 0.7, 0.7, 0.9 }.Select((value, i) => (SweepChange)new SweepChange.TrialAdded(Some.Completed(i + 1, value) with { Started = Some.Time })),
        ]);
        var history = new CurveReader(database.Path).History(Some.Id);
        Assert.Equal([(1, 0.5, 1), (4, 0.7, 4), (6, 0.9, 6)], history.Select(step => (step.Trial, step.Value, step.Done)));
        Assert.Equal(60, history[0].Seconds, 0.01);
    }
}
