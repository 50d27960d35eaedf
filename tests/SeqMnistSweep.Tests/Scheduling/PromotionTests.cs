using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Trials that pause at a rung (epoch 1, of 3), and go on later.</summary>
public sealed class PromotionTests
{
    /// <summary>Rungs at epochs 1, 3, 9, ...</summary>
    public static readonly EarlyTermination Asha = Asked("{type: asha, mode: promotion, min_epochs: 1, eta: 3}");

    /// <summary>The same without a pause.</summary>
    public static readonly EarlyTermination Stopping = Asked("{type: asha, mode: stopping, min_epochs: 1, eta: 3}");

    [Fact]
    public void A_trial_pauses_with_its_report_and_its_slot_comes_free()
    {
        var rig = Rig(3);
        var grant = rig.Running();
        Assert.Equal([1], grant.Rungs.AsEnumerable());
        Assert.Equal(Verdict.Pause, rig.Report(grant, 1, 0.5, "aa").Verdict);
        Assert.Equal(TrialState.Paused, rig.Rows[1].State);
        Assert.False(rig.Tell(grant, new AttemptEvent.Released("paused")).IsFenced);
        Assert.Equal(TrialState.Paused, rig.Rows[1].State);
    }

    [Fact]
    public void A_program_that_does_not_tell_its_last_epoch_knows_the_rungs_all_the_same()
    {
        var rig = new ScheduleRig(3, definition => definition with { Program = "train.py", EarlyTerminate = Asha }, epochs: 0);
        var grant = rig.Running();
        Assert.Equal([1, 3, 9, 27, 81, 243, 729, 2187, 6561], grant.Rungs.AsEnumerable());
        Assert.Equal(Verdict.Pause, rig.Report(grant, 1, 0.5, "aa").Verdict);
    }

    [Fact]
    public void A_verdict_that_got_lost_is_given_again()
    {
        var rig = Rig(3);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        Assert.True(rig.Schedule.Holds(1, grant.Lease));
        rig.Rebuild();
        Assert.Equal(Verdict.Pause, rig.Report(grant, 1, 0.5, "aa").Verdict);
    }

    [Fact]
    public void The_best_third_goes_on_from_its_checkpoint_before_anything_new()
    {
        var rig = Rig(9);
        Pause(rig, 0.3, 0.9);
        var third = rig.Running();
        rig.Report(third, 1, 0.6, "c3");

        var promoted = rig.Grant()!;
        Assert.Equal((2, 2, "c2"), (promoted.Trial.Number, promoted.Attempt, promoted.Resume!.Digest));
        Assert.Contains(rig.Events, happened => happened.What is Occurrence.TrialMoved { Trial: 2 } && happened.Reason == "number 1 of 3 after epoch 1");
        Assert.Equal(4, rig.Grant()!.Trial.Number);
    }

    [Fact]
    public void A_head_that_starts_again_promotes_as_the_one_before_would_have()
    {
        var rig = Rig(9);
        Pause(rig, 0.3, 0.9, 0.6);
        rig.Rebuild();
        Assert.Equal(2, rig.Grant()!.Trial.Number);
        rig.Rebuild();
        Assert.Equal(4, rig.Grant()!.Trial.Number);
    }

    [Fact]
    public void A_trial_that_was_promoted_and_lost_its_worker_comes_first_and_does_not_wait_again()
    {
        var rig = Rig(9);
        Pause(rig, 0.3, 0.9, 0.6);
        var promoted = rig.Running();
        rig.Lose(promoted);
        rig.Rebuild();
        var again = rig.Running();
        Assert.Equal(promoted.Trial, again.Trial);
        Assert.Equal(Verdict.Continue, rig.Report(again, 1, 0.9).Verdict);
        Assert.Equal(Verdict.Continue, rig.Report(again, 2, 0.95).Verdict);
    }

    [Fact]
    public void A_worker_that_dies_with_a_paused_trial_takes_nothing_with_it()
    {
        var rig = Rig(3);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Lose(grant);
        Assert.Equal((TrialState.Paused, 0), (rig.Rows[1].State, rig.Rows[1].LossesInARow));
    }

    [Fact]
    public void What_a_program_reports_beyond_its_rung_before_it_hears_of_the_pause_never_counts()
    {
        var rig = Rig(3);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        Assert.Equal(Verdict.Pause, rig.Report(grant, 2, 0.6, "bb").Verdict);
        rig.Tell(grant, new AttemptEvent.Checkpointed(new CheckpointFile(2, 1, "cc", 1)));
        rig.Tell(grant, new AttemptEvent.Completed(null, null) { Epoch = 3 });
        Assert.Equal((TrialState.Paused, 1, 0.5, "aa"), (rig.Rows[1].State, rig.Rows[1].Epoch, rig.Rows[1].Value, rig.Rows[1].Checkpoint!.Digest));
        Assert.Single(rig.Reports);

        // Of the rung's own epoch more may come.
        rig.Tell(grant, new AttemptEvent.Reported(new EpochReport(1, rig.Reports[0].Report.Metrics.Clear().Add("train", 7)), null));
        Assert.Equal(["train", "value"], rig.Reports.Single().Report.Metrics.Keys);
    }

    [Fact]
    public void A_program_that_ends_by_itself_at_its_rung_has_done_its_last_epoch()
    {
        var rig = Rig(1);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Rebuild();
        rig.Tell(grant, new AttemptEvent.Completed(null, null) { Epoch = 1 });
        Assert.Equal((TrialState.Completed, 0.5, SweepState.Completed), (rig.Rows[1].State, rig.Rows[1].Value, rig.Row.State));
    }

    [Fact]
    public void Without_a_checkpoint_nobody_waits_but_is_judged_at_once_and_that_is_told_once()
    {
        var rig = Rig(9, epochs: 9);
        var states = new List<TrialState>();
        foreach (var score in new[] { 0.5, 0.4, 0.3, 0.6 })
        {
            var grant = rig.Running();
            for (var epoch = 1; rig.Report(grant, epoch, score).Verdict == Verdict.Continue && epoch < 9; epoch++)
            {
            }

            rig.Complete(grant);
            states.Add(rig.Rows[grant.Trial.Number].State);
        }

        Assert.Equal([TrialState.Completed, TrialState.Pruned, TrialState.Pruned, TrialState.Completed], states);
        Assert.Single(rig.Events, happened => happened.What is Occurrence.CannotPause { Trial: 1 });
        Assert.DoesNotContain(rig.Events, happened => happened.What is Occurrence.TrialMoved { To: TrialState.Paused });
        Assert.All(rig.Rows.Values, row => Assert.Equal(1, row.Attempts));
    }

    [Fact]
    public void A_client_keeps_its_own_state_and_waits_without_a_checkpoint()
    {
        var rig = Rig(3);
        rig.Worker = new ExternalClient("ada", "k", TimeSpan.FromHours(1)).ToHolder();
        Assert.Equal(Verdict.Pause, rig.Report(rig.Running(), 1, 0.5).Verdict);
    }

    [Fact]
    public void Who_is_outranked_hears_of_the_rung_and_not_of_the_epoch_that_was_reported_after_it()
    {
        var rig = Rig(2, epochs: 9);
        foreach (var score in new[] { 0.9, 0.1 })
        {
            // It reports every second epoch, and so passes over the first rung.
            var grant = rig.Running();
            rig.Report(grant, 2, score, $"c{grant.Trial.Number}-2");
            rig.Tell(grant, new AttemptEvent.Released("paused"));
        }

        var best = rig.Running();
        rig.Report(best, 9, 1);
        rig.Complete(best);
        Assert.Contains(rig.Events, happened => happened.Reason.StartsWith("others went on from epoch 1,", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_is_never_promoted_ends_as_pruned_when_nothing_can_change_that()
    {
        var rig = Rig(3);
        Pause(rig, 0.3, 0.9, 0.6);
        var best = rig.Running();
        rig.Report(best, 2, 0.9);
        Assert.Equal(TrialState.Paused, rig.Rows[1].State);
        rig.Complete(best);
        Assert.Equal([TrialState.Pruned, TrialState.Completed, TrialState.Pruned], rig.Rows.Values.Select(row => row.State));
        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Fact]
    public void When_the_best_fails_the_next_one_has_its_place()
    {
        var rig = Rig(2, definition => definition with { Retry = new RetryPolicy { Max = 0 } });
        Pause(rig, 0.3, 0.9);
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Crashed, "boom"));
        Assert.Equal(1, rig.Grant()!.Trial.Number);
    }

    [Fact]
    public void In_a_sweep_that_stops_nobody_waits()
    {
        var rig = Rig(3);
        Pause(rig, 0.3);
        var running = rig.Running();
        rig.Do(schedule => schedule.Stop("ada", "enough", rig.Now));
        Assert.Equal(TrialState.Cancelled, rig.Rows[1].State);
        Assert.Equal(Verdict.Stop, rig.Report(running, 1, 0.9, "aa").Verdict);
        Assert.Equal((TrialState.Cancelled, SweepState.Stopped), (rig.Rows[2].State, rig.Row.State));
    }

    [Fact]
    public void A_paused_sweep_promotes_nobody_and_does_not_end()
    {
        var rig = Rig(3);
        Pause(rig, 0.3, 0.9);
        var third = rig.Running();
        rig.Do(schedule => schedule.Pause("ada", "lunch", rig.Now));
        rig.Report(third, 1, 0.6);
        Assert.Null(rig.Grant());
        Assert.Equal(SweepState.Paused, rig.Row.State);
        rig.Do(schedule => schedule.Resume("ada", "back", rig.Now));
        Assert.Equal(2, rig.Grant()!.Trial.Number);
    }

    /// <summary>Workers come, report, die and come back, the head too, in any order: every trial ends, nobody passes a rung out of turn.</summary>
    [Fact]
    public void No_trial_is_lost_and_the_sweep_ends_whatever_happens()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var rig = Rig(3 + random.Next(20), epochs: 9, eta: 2 + random.Next(2));
            var held = new List<TrialGrant>();
            for (var step = 0; !rig.Row.State.IsFinal(); step++)
            {
                Assert.True(step < 20_000, $"seed {seed} does not end: {string.Join(' ', rig.Rows.Values.Select(row => $"{row.Number}:{row.State}@{row.Epoch}"))}");
                rig.Now += TimeSpan.FromSeconds(1);
                if (random.Next(40) == 0)
                {
                    rig.Rebuild();
                }

                if (held.Count < 4 && rig.Grant() is { } grant)
                {
                    rig.Tell(grant, new AttemptEvent.Started("cpu"));
                    held.Add(grant);
                }

                if (held.Count > 0)
                {
                    Step(rig, held, random);
                }
            }

            Assert.All(rig.Rows.Values, row => Assert.True(row.State.IsFinal(), $"seed {seed}: trial {row.Number} is {row.State}"));
            Assert.Contains(rig.Rows.Values, row => row.State == TrialState.Completed);
            AssertRanksWereRespected(rig, seed);
        }
    }

    private static void Step(ScheduleRig rig, List<TrialGrant> held, Random random)
    {
        var grant = held[random.Next(held.Count)];
        var row = rig.Rows[grant.Trial.Number];
        switch (random.Next(12))
        {
            case 0:
                held.Remove(grant);
                rig.Lose(grant, LeaseLoss.HeadRestarted);
                return;
            case 1:
                held.Remove(grant);
                rig.Tell(grant, new AttemptEvent.Released("drained"));
                return;
        }

        var epoch = row.Epoch + 1;
        var verdict = rig.Report(grant, epoch, Score(row.Number, epoch), $"{row.Number}-{epoch}").Verdict;
        if (verdict == Verdict.Continue && epoch == 9)
        {
            rig.Complete(grant);
        }

        if (verdict != Verdict.Continue || epoch == 9)
        {
            held.Remove(grant);
            rig.Tell(grant, new AttemptEvent.Released("paused"));
        }
    }

    /// <summary>Of those that passed a rung none was worse than all others there, and no more passed than may (one more, at the very end).</summary>
    private static void AssertRanksWereRespected(ScheduleRig rig, int seed)
    {
        foreach (var promoted in rig.Events.Where(happened => happened.What is Occurrence.TrialMoved { Cause: TransitionCause.Promoted }))
        {
            var words = promoted.Reason.Split(' ');
            var (place, of) = (int.Parse(words[1]), int.Parse(words[3]));
            Assert.True(place == 1 || place <= of / 2, $"seed {seed}: {promoted.Reason}");
        }
    }

    private static double Score(int trial, int epoch) => ((trial * 7919) % 101 / 101.0) + (epoch * 0.01);

    private static void Pause(ScheduleRig rig, params double[] scores)
    {
        foreach (var score in scores)
        {
            var grant = rig.Running();
            rig.Report(grant, 1, score, $"c{grant.Trial.Number}");
            rig.Tell(grant, new AttemptEvent.Released("paused"));
        }
    }

    private static ScheduleRig Rig(int configurations, Func<SweepDefinition, SweepDefinition>? with = null, int epochs = 3, int eta = 3)
    {
        var file = SweepFile.Parse($"{{program: noop, method: grid, metric: {{name: value, goal: maximize}}, parameters: {{x: {{values: [1]}}, epochs: {{value: {epochs}}}}}, early_terminate: {{type: asha, mode: promotion, eta: {eta}}}}}", "rig.yaml").Definition!;
        return new ScheduleRig(configurations, definition => (with?.Invoke(definition) ?? definition) with { EarlyTerminate = file.EarlyTerminate }, epochs);
    }

    private static EarlyTermination Asked(string settings) =>
        SweepFile.Parse($"{{program: noop, method: grid, metric: {{name: value}}, parameters: {{x: {{values: [1]}}, epochs: {{value: 9}}}}, early_terminate: {settings}}}", "rig.yaml").Definition!.EarlyTerminate!;
}
