using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>What counts of reports: all lines of an epoch, of the attempt that is not dead.</summary>
public sealed class ReportTests
{
    [Fact]
    public void All_that_an_attempt_tells_of_an_epoch_is_one_report()
    {
        var rig = Users();
        var grant = rig.Running();
        Tell(rig, grant, 1, ("train", 0.1));
        Assert.Null(rig.Rows[1].Value);
        Tell(rig, grant, 1, ("value", 0.7));
        Tell(rig, grant, 1, ("seen", 3));

        Assert.Equal([("seen", 3.0), ("train", 0.1), ("value", 0.7)], rig.Reports.Single().Report.Metrics.Select(metric => (metric.Key, metric.Value)));
        Assert.Equal((0.7, 1), (rig.Rows[1].Value, rig.Rows[1].ValueEpoch));
        Assert.DoesNotContain(rig.Events, happened => happened.What is Occurrence.ReportMismatch);
    }

    [Fact]
    public void Of_a_metric_told_twice_the_first_value_stands_and_that_is_told_once()
    {
        var rig = Users();
        var grant = rig.Running();
        Tell(rig, grant, 1, ("value", 0.7), ("time", 1));
        Tell(rig, grant, 1, ("value", 0.9), ("time", 2));
        Tell(rig, grant, 1, ("value", 0.8));

        Assert.Equal((0.7, 0.7), (rig.Reports.Single().Report["value"], rig.Rows[1].Value));
        Assert.Single(rig.Events, happened => happened.What is Occurrence.ReportMismatch);
    }

    [Fact]
    public void A_verdict_is_given_when_the_metric_is_told_and_not_before()
    {
        var rig = Users(with: definition => definition with { EarlyTerminate = PromotionTests.Asha });
        var grant = rig.Running();
        Assert.Equal(Verdict.Continue, Tell(rig, grant, 1, ("train", 0.1)).Verdict);
        var told = new EpochReport(1, ImmutableSortedDictionary<string, double>.Empty.Add("value", 0.5));
        Assert.Equal(Verdict.Pause, rig.Tell(grant, new AttemptEvent.Reported(told, new CheckpointFile(1, 0, "aa", 1))).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_dead_attempt_reported_beyond_the_checkpoint_counts_no_more_when_the_next_one_begins(bool isRestarted)
    {
        var rig = Users();
        var first = rig.Running();
        rig.Report(first, 1, 0.5, "aa");
        rig.Report(first, 2, 0.9);
        rig.Report(first, 3, 0.1);
        rig.Tell(first, new AttemptEvent.Failed(FailureCause.Crashed, "died"));
        Assert.Equal(0.9, rig.Rows[1].Value);
        rig.Now += TimeSpan.FromMinutes(1);
        Restart(rig, isRestarted);

        var second = rig.Grant()!;
        Assert.Equal(0.9, rig.Rows[1].Value);
        Restart(rig, isRestarted);
        rig.Tell(second, new AttemptEvent.Started("cpu"));
        Assert.Equal((0.5, 1, 1), (rig.Rows[1].Value, rig.Rows[1].ValueEpoch, rig.Rows[1].Epoch));
        Assert.Equal([2, 3], rig.Superseded.Select(report => report.Report.Epoch));
        Restart(rig, isRestarted);
        rig.Report(second, 2, 0.2);
        Assert.Equal([(1, 0.5), (2, 0.2)], rig.Reports.Select(report => (report.Report.Epoch, report.Report["value"]!.Value)));
        Assert.DoesNotContain(rig.Events, happened => happened.What is Occurrence.ReportMismatch);
    }

    [Fact]
    public void An_epoch_that_no_longer_counts_was_trained_all_the_same_and_counts_against_the_limit()
    {
        var rig = Users(with: definition => definition with { Limits = new SweepLimits(Epochs: 2) });
        var first = rig.Running();
        rig.Report(first, 1, 0.5);
        rig.Report(first, 2, 0.5);
        Assert.Equal(SweepState.Stopping, rig.Row.State);

        rig = Users(with: definition => definition with { Limits = new SweepLimits(Epochs: 3) });
        first = rig.Running();
        rig.Report(first, 1, 0.5);
        rig.Report(first, 2, 0.5);
        rig.Lose(first);
        var again = rig.Running();
        rig.Report(rig.Running(), 1, 0.5);
        Assert.Equal((0, SweepState.Stopping), (rig.Rows[again.Trial.Number].Epoch, rig.Row.State));
    }

    [Fact]
    public void An_epoch_up_to_the_checkpoint_is_the_trials_own_and_stands()
    {
        var rig = Users();
        var first = rig.Running();
        rig.Report(first, 1, 0.5);
        rig.Report(first, 2, 0.6, "aa");
        rig.Lose(first);
        var second = rig.Running();
        rig.Report(second, 1, 0.9);
        rig.Report(second, 2, 0.6);

        Assert.Equal([0.5, 0.6], rig.Reports.Select(report => report.Report["value"]!.Value));
        Assert.Empty(rig.Superseded);
        Assert.Single(rig.Events, happened => happened.What is Occurrence.ReportMismatch);
    }

    [Fact]
    public void A_lease_that_ended_before_anything_ran_takes_nothing_back()
    {
        var rig = Users();
        var first = rig.Running();
        rig.Report(first, 1, 0.5);
        rig.Lose(first);
        rig.Tell(rig.Grant()!, new AttemptEvent.Released("never started"));
        Assert.Equal((0.5, 1), (rig.Rows[1].Value, rig.Rows[1].Epoch));
    }

    [Fact]
    public void The_best_trial_is_another_one_when_what_made_it_the_best_no_longer_counts()
    {
        var rig = Users();
        var (lucky, other) = (rig.Running(), rig.Running());
        rig.Report(other, 1, 0.6);
        rig.Report(lucky, 1, 0.9);
        Assert.Equal(1, rig.Schedule.Best!.Number);
        rig.Lose(lucky);
        var again = rig.Running();
        Assert.Equal((1, 2), (again.Trial.Number, rig.Schedule.Best!.Number));
        rig.Report(again, 1, 0.5);
        Assert.Equal(2, rig.Schedule.Best!.Number);
    }

    [Fact]
    public void A_pruner_compares_with_what_counts_alone()
    {
        var rig = Users(with: definition => definition with { EarlyTerminate = PromotionTests.Stopping });
        var lucky = rig.Running();
        rig.Report(lucky, 1, 0.9);
        rig.Lose(lucky);
        rig.Report(rig.Running(), 1, 0.1);
        Assert.Equal(Verdict.Continue, rig.Report(rig.Running(), 1, 0.2).Verdict);
    }

    [Fact]
    public void What_a_trial_falls_back_on_is_its_last_checkpoint_in_another_file()
    {
        var rig = Users();
        var first = rig.Running();
        rig.Report(first, 1, 0.5, "aa");
        rig.Report(first, 2, 0.5, "bb");
        rig.Report(first, 3, 0.5, "bb");
        Assert.Equal(["bb"], rig.Dropped);
        rig.Lose(first);
        var second = rig.Grant()!;
        Assert.Equal((3, "bb"), (second.Resume!.Epoch, second.Resume.Digest));
        rig.Tell(second, new AttemptEvent.CheckpointLost(second.Resume, "damaged"));
        Assert.Equal((1, "aa"), rig.Grant()!.Resume is var resume ? (resume!.Epoch, resume.Digest) : default);
    }

    private static ScheduleRig Users(Func<SweepDefinition, SweepDefinition>? with = null) =>
        new(with: definition => (with?.Invoke(definition) ?? definition) with { Program = "train.py" });

    private static void Restart(ScheduleRig rig, bool really)
    {
        if (really)
        {
            rig.Rebuild();
        }
    }

    private static Answer Tell(ScheduleRig rig, TrialGrant grant, int epoch, params (string Metric, double Value)[] metrics) => rig.Tell(grant, new AttemptEvent.Reported(
        new EpochReport(epoch, metrics.ToImmutableSortedDictionary(metric => metric.Metric, metric => metric.Value)), null));
}
