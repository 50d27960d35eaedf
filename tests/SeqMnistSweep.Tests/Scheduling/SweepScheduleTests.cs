using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class SweepScheduleTests
{
    [Fact]
    public void Trials_start_in_order_and_the_sweep_completes_when_all_have_ended()
    {
        var rig = new ScheduleRig(configurations: 3);
        for (var number = 1; number <= 3; number++)
        {
            var grant = rig.Running();
            Assert.Equal(number, grant.Trial.Number);
            rig.Report(grant, 1, number);
            rig.Complete(grant);
        }

        Assert.Null(rig.Grant());
        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Fact]
    public void A_stale_lease_is_fenced_and_changes_nothing()
    {
        var rig = new ScheduleRig();
        var stale = rig.Running();
        rig.Lose(stale);
        var fresh = rig.Running();

        Assert.Equal(stale.Trial, fresh.Trial);
        Assert.Equal(stale.Lease + 1, fresh.Lease);
        Assert.True(rig.Report(stale, 1, 0.5).IsFenced);
        Assert.True(rig.Tell(stale, new AttemptEvent.Completed(null, null)).IsFenced);
        Assert.Empty(rig.Reports);
        Assert.Equal(TrialState.Running, rig.Rows[1].State);
    }

    [Fact]
    public void Words_heard_twice_count_once()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        Assert.Equal(Verdict.Continue, rig.Report(grant, 1, 0.5, "aa").Verdict);
        rig.Complete(grant);
        rig.Complete(grant);
        Assert.False(rig.Report(grant, 1, 0.5).IsFenced);

        Assert.Single(rig.Reports);
        Assert.Equal(TrialState.Completed, rig.Rows[1].State);
        Assert.DoesNotContain(rig.Events, e => e.What is Occurrence.ReportMismatch);
    }

    [Fact]
    public void A_built_in_program_that_gives_another_value_the_second_time_is_an_event()
    {
        var rig = new ScheduleRig();
        var first = rig.Running();
        rig.Report(first, 1, 0.5);
        rig.Lose(first);
        var second = rig.Running();
        rig.Report(second, 1, 0.75);

        Assert.Equal(0.75, rig.Reports.Single().Report["value"]);
        Assert.Single(rig.Events, e => e.What is Occurrence.ReportMismatch && e.Reason == "value of epoch 1 was told twice and differs: 0.5 then 0.75");
    }

    [Fact]
    public void Max_parallel_bounds_the_leases()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(MaxParallel: 2) });
        var first = rig.Running();
        rig.Running();
        Assert.Null(rig.Grant());
        rig.Complete(first);
        Assert.NotNull(rig.Grant());
    }

    [Fact]
    public void After_sweep_time_no_trial_starts_and_those_that_run_end_by_themselves()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(SweepTime: TimeSpan.FromMinutes(1)) });
        var running = rig.Running();
        rig.Now += TimeSpan.FromMinutes(1);
        rig.Do(schedule => schedule.Tick(rig.Now));
        Assert.Null(rig.Grant());
        Assert.Equal(SweepState.Stopping, rig.Row.State);

        rig.Complete(running);
        Assert.Equal(SweepState.Stopped, rig.Row.State);
        Assert.Equal(TrialState.Completed, rig.Rows[1].State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(int.MaxValue)]
    public void A_report_of_no_possible_epoch_is_told_and_not_tried_again(int epoch)
    {
        var rig = new ScheduleRig(with: d => d with { EarlyTerminate = new EarlyTermination("median", new ParameterSet([new("startup", ParameterValue.Of(5L)), new("warmup", ParameterValue.Of(1L))])) });
        rig.Report(rig.Running(), epoch, 0.5);

        Assert.Equal((TrialState.Failed, FailureCause.Invalid), (rig.Rows[1].State, rig.Rows[1].Cause));
        Assert.Equal(1, rig.Rows[1].Failures);
        Assert.Empty(rig.Reports);
    }

    [Fact]
    public void A_reached_target_starts_nothing_new_and_completes_the_sweep()
    {
        var rig = new ScheduleRig(with: d => d with { Metric = d.Metric with { Target = 0.9 } });
        var first = rig.Running();
        var second = rig.Running();
        rig.Report(first, 1, 0.95);
        Assert.Equal(SweepState.Stopping, rig.Row.State);
        Assert.Null(rig.Grant());
        rig.Complete(first);
        rig.Complete(second);

        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Equal(2, rig.Rows.Count);
    }

    [Fact]
    public void Every_configuration_is_trained_under_every_seed()
    {
        var rig = new ScheduleRig(configurations: 2, with: d => d with { Seeds = new SeedPlan(3, 100) });
        var seeds = new List<(int, long)>();
        while (rig.Grant() is { } grant)
        {
            seeds.Add((rig.Rows[grant.Trial.Number].Configuration, grant.Seed));
        }

        Assert.Equal([(1, 100), (1, 101), (1, 102), (2, 100), (2, 101), (2, 102)], seeds);
    }

    [Fact]
    public void Run_cap_counts_configurations()
    {
        var rig = new ScheduleRig(configurations: 10, with: d => d with { RunCap = 2, Seeds = new SeedPlan(2, 0) });
        while (rig.Grant() is { } grant)
        {
            rig.Report(grant, 1, 1);
            rig.Complete(grant);
        }

        Assert.Equal(4, rig.Rows.Count);
        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Fact]
    public void Pausing_starts_nothing_and_resuming_goes_on()
    {
        var rig = new ScheduleRig();
        rig.Running();
        rig.Do(schedule => schedule.Pause("me", "lunch", rig.Now));
        Assert.Null(rig.Grant());
        rig.Do(schedule => schedule.Resume("me", "back", rig.Now));
        Assert.Equal(2, rig.Grant()!.Trial.Number);
        Assert.Contains(rig.Events, e => e is { By: "me", Reason: "lunch", What: Occurrence.SweepMoved { To: SweepState.Paused } });
    }

    [Fact]
    public void Cancelling_ends_everything_now_and_fences_the_holders()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        rig.Do(schedule => schedule.Cancel("me", "wrong data", rig.Now));

        Assert.Equal(SweepState.Cancelled, rig.Row.State);
        Assert.Equal(TrialState.Cancelled, rig.Rows[1].State);
        Assert.True(rig.Report(grant, 1, 0.5).IsFenced);
        Assert.False(rig.Tell(grant, new AttemptEvent.Stopped()).IsFenced);
    }

    [Fact]
    public void Stopping_lets_running_trials_end_and_does_not_bring_back_lost_ones()
    {
        var rig = new ScheduleRig();
        var first = rig.Running();
        var second = rig.Running();
        rig.Do(schedule => schedule.Stop("me", "enough", rig.Now));
        rig.Lose(first);
        rig.Complete(second);

        Assert.Equal(SweepState.Stopped, rig.Row.State);
        Assert.Equal(TrialState.Cancelled, rig.Rows[1].State);
        Assert.Equal(TrialState.Completed, rig.Rows[2].State);
    }

    [Fact]
    public void The_pruner_stops_a_trial_worse_than_the_median_and_a_late_word_of_it_is_noted()
    {
        var rig = new ScheduleRig(configurations: 3, with: d => d with
        {
            EarlyTerminate = new EarlyTermination("median", new ParameterSet([new("startup", ParameterValue.Of(2L)), new("warmup", ParameterValue.Of(1L))])),
        });
        foreach (var score in new[] { 0.8, 0.9 })
        {
            var good = rig.Running();
            rig.Report(good, 1, score);
            rig.Report(good, 2, score);
            rig.Complete(good);
        }

        var bad = rig.Running();
        Assert.Equal([2], bad.Rungs.AsEnumerable());     // after its last epoch a trial is not judged
        Assert.Equal(Verdict.Continue, rig.Report(bad, 1, 0.1).Verdict);
        Assert.Equal(Verdict.Stop, rig.Report(bad, 2, 0.2).Verdict);
        Assert.Equal(Verdict.Stop, rig.Report(bad, 2, 0.2).Verdict);
        rig.Tell(bad, new AttemptEvent.Stopped());

        Assert.Equal(TrialState.Pruned, rig.Rows[3].State);
        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Fact]
    public void A_rebuilt_schedule_answers_as_the_old_one_would()
    {
        var rig = new ScheduleRig(configurations: 2);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Rebuild();

        Assert.True(rig.Schedule.Holds(1, grant.Lease));
        Assert.Equal(Verdict.Continue, rig.Report(grant, 1, 0.5, "aa").Verdict);
        rig.Report(grant, 2, 0.4);
        rig.Complete(grant);
        Assert.Equal(2, rig.Running().Trial.Number);
        Assert.Equal(0.5, rig.Rows[1].Value);
        Assert.Equal(2, rig.Rows.Count);
    }

    /// <summary>Random workers that crash, forget, repeat themselves and die, against a schedule that is rebuilt now and then.</summary>
    [Fact]
    public void Whatever_happens_every_trial_ends_once_with_every_epoch_once()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new SplitMix64(seed);
            var rig = new ScheduleRig(configurations: 5);
            var live = new List<TrialGrant>();
            var epochs = new Dictionary<int, int>();
            for (var step = 0; step < 5000 && !rig.Row.State.IsFinal(); step++)
            {
                rig.Now += TimeSpan.FromSeconds(1);
                var pick = live.Count > 0 ? live[(int)(random.Next() % (ulong)live.Count)] : null;
                switch (random.Next() % 12)
                {
                    case 0 or 1 when rig.Grant() is { } grant:
                        rig.Tell(grant, new AttemptEvent.Started("cpu"));
                        live.Add(grant);
                        break;
                    case 2 when pick is not null:
                        rig.Lose(pick, random.Next() % 2 == 0 ? LeaseLoss.WorkerLost : LeaseLoss.HeadRestarted);
                        break;
                    case 3 when pick is not null:
                        rig.Tell(pick, new AttemptEvent.Killed("killed"));
                        break;
                    case 4:
                        rig.Rebuild();
                        break;
                    case > 4 when pick is not null:
                        var done = epochs.GetValueOrDefault(pick.Trial.Number);
                        if (done == 3)
                        {
                            rig.Complete(pick);
                        }
                        else if (!rig.Report(pick, done + 1, done, $"c{done}").IsFenced)
                        {
                            epochs[pick.Trial.Number] = done + 1;
                        }

                        break;
                }
            }

            Assert.True(rig.Row.State.IsFinal(), $"seed {seed} did not end");
            Assert.Equal(5, rig.Rows.Count);
            Assert.All(rig.Rows.Values, trial => Assert.True(trial.State.IsFinal()));
            foreach (var trial in rig.Rows.Values.Where(trial => trial.State == TrialState.Completed))
            {
                Assert.Equal([1, 2, 3], rig.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report.Epoch));
            }

            foreach (var number in rig.Rows.Keys)
            {
                Assert.Single(rig.Events, e => e.What is Occurrence.TrialMoved { To: TrialState.Completed or TrialState.Failed } ended && ended.Trial == number);
            }
        }
    }
}
