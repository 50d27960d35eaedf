using SeqMnistSweep.Benchmarks.Chaos;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Cli.Tests.Benchmarks.Chaos.ChaosSweep;

namespace SeqMnistSweep.Cli.Tests.Benchmarks.Chaos;

/// <summary>Whatever could be lost is found to be.</summary>
public sealed class ChaosRulesTests
{
    [Fact]
    public void A_sweep_that_is_whole_has_no_flaws_and_equals_itself()
    {
        Assert.Empty(SweepOutcome.Flaws(Completed));
        Assert.Empty(SweepOutcome.Differences(Completed, Completed));
        Assert.Empty(SweepOutcome.EndedOtherThanOnce(Completed, [Move(1, "leased"), Move(1, "running"), Move(1, "completed"), Move(2, "completed")]));
    }

    [Fact]
    public void A_trial_that_did_not_complete_an_epoch_that_is_missing_and_one_that_is_there_twice_are_flaws()
    {
        Assert.Equal(["trial 2 is failed: poison lost with its worker"], SweepOutcome.Flaws(Completed.With(2, trial => trial with { State = TrialState.Failed, Cause = FailureCause.Poison, Message = "lost with its worker" })));
        Assert.Equal(["trial 1 has the epochs 2 and not each of 1 to 2 once"], SweepOutcome.Flaws(Completed.Without(1, 1)));
        Assert.Equal(["trial 1 has the epochs 1, 1, 2 and not each of 1 to 2 once"], SweepOutcome.Flaws(Completed with { Reports = [Report(1, 1), .. Completed.Reports] }));
    }

    [Fact]
    public void Another_value_another_checkpoint_and_a_missing_report_are_differences()
    {
        Assert.Single(SweepOutcome.Differences(Completed, Completed.With(1, trial => trial with { Value = 0.6 })));
        Assert.Single(SweepOutcome.Differences(Completed, Completed.With(2, trial => trial with { Checkpoint = new CheckpointFile(2, 0, "other", 10) })));
        Assert.Equal(["trial 2, epoch 2: nothing instead of   0.5"], SweepOutcome.Differences(Completed, Completed.Without(2, 2)));
        Assert.Equal(["trial 2, epoch 2:   0.5 instead of nothing"], SweepOutcome.Differences(Completed.Without(2, 2), Completed));
    }

    [Fact]
    public void Trials_that_end_twice_or_never_are_named() => Assert.Equal(
        ["trial 1 ended 2 times: failed, completed", "trial 2 ended 0 times: "],
        SweepOutcome.EndedOtherThanOnce(Completed, [Move(1, "failed"), Move(1, "completed"), Move(2, "running")]));

    [Fact]
    public void A_report_that_was_there_must_stay_as_it_was()
    {
        var watch = new ChaosWatch();
        watch.See(Completed, [], TimeSpan.Zero);
        Assert.Equal(4, watch.Acknowledged);
        Assert.Empty(watch.Missing(Completed));
        Assert.Equal(["the report of trial 1, epoch 2 by attempt 1 is gone"], watch.Missing(Completed.Without(1, 2)));
        Assert.Equal(
            ["the report of trial 1, epoch 2 by attempt 1 was replaced"],
            watch.Missing(Completed.Without(1, 2) with { Reports = [.. Completed.Without(1, 2).Reports, Report(1, 2, accuracy: 0.7)] }));
    }

    [Fact]
    public void A_running_trial_whose_worker_started_again_is_forgotten_after_a_while()
    {
        var running = Completed.With(1, trial => trial with { State = TrialState.Running, Worker = "w1", Incarnation = "first", Lease = 3 });
        var watch = new ChaosWatch();
        watch.See(running, [WorkerRow("w1", "first")], TimeSpan.Zero);
        watch.See(running, [WorkerRow("w1", "second")], TimeSpan.FromSeconds(100));
        watch.See(running, [WorkerRow("w1", "second")], TimeSpan.FromSeconds(180));
        Assert.Empty(watch.Forgotten);
        watch.See(running, [WorkerRow("w1", "second")], TimeSpan.FromSeconds(191));
        Assert.Equal(["trial 1 ran under lease 3 that nobody held any more"], watch.Forgotten);
    }

    [Fact]
    public void One_that_is_given_to_somebody_in_time_is_not()
    {
        var running = Completed.With(1, trial => trial with { State = TrialState.Running, Worker = "w1", Incarnation = "first", Lease = 3 });
        var watch = new ChaosWatch();
        watch.See(running, [WorkerRow("w1", "first", "lost")], TimeSpan.Zero);
        watch.See(Completed.With(1, trial => trial with { State = TrialState.Queued, Lease = 3 }), [WorkerRow("w1", "first", "lost")], TimeSpan.FromSeconds(20));
        watch.See(running, [WorkerRow("w1", "first", "lost")], TimeSpan.FromSeconds(100));
        Assert.Empty(watch.Forgotten);
    }

    [Fact]
    public void A_killed_worker_s_trial_has_recovered_when_its_next_attempt_runs_and_a_frozen_one_s_when_it_is_heard()
    {
        var sweep = Completed with { Reports = [Report(1, 1, second: 12)] };
        var events = new[] { Move(1, "running", second: 5), Move(1, "leased", attempt: 2, second: 13), Move(1, "running", attempt: 2, second: 14) };
        var at = Start.AddSeconds(10);
        Assert.Equal(
            [(ChaosKind.KillWorker, 4.0), (ChaosKind.FreezeWorker, 2.0), (ChaosKind.KillHead, 2.0)],
            Recoveries.Of([new(ChaosKind.KillWorker, at, 1, 1), new(ChaosKind.FreezeWorker, at, 1, 1), new(ChaosKind.KillHead, at, null, 0), new(ChaosKind.DrainWorker, at, 2, 1)], sweep, events));
    }
}
