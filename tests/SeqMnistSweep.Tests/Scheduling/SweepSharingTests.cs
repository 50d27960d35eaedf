using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class SweepSharingTests
{
    private static readonly SweepId Other = SweepId.Parse("high-0001");

    [Fact]
    public void A_trial_that_gives_its_slot_back_is_queued_again_with_the_reason_and_without_a_failure()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Do(schedule => schedule.TakeBack(1, grant.Lease, Other));
        Assert.Equal(Other, rig.Schedule.PreemptedBy(1, grant.Lease));

        rig.Tell(grant, new AttemptEvent.Released("drained"));

        Assert.Equal((TrialState.Queued, 0, 0), (rig.Rows[1].State, rig.Rows[1].Failures, rig.Rows[1].LossesInARow));
        Assert.Contains(rig.Events, happened => happened is
        {
            What: Occurrence.TrialMoved { Trial: 1, From: TrialState.Running, To: TrialState.Paused, Cause: TransitionCause.Preempted },
            Reason: "preempted by high-0001",
        });
        var again = rig.Running();
        Assert.Equal((1, "aa"), (again.Trial.Number, again.Resume!.Digest));
        Assert.Null(rig.Schedule.PreemptedBy(1, again.Lease));
    }

    [Fact]
    public void Only_the_holder_that_was_asked_gives_a_slot_back()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();

        rig.Do(schedule => schedule.TakeBack(1, grant.Lease - 1, Other));
        rig.Do(schedule => schedule.TakeBack(7, grant.Lease, Other));

        Assert.Null(rig.Schedule.PreemptedBy(1, grant.Lease));
    }

    [Fact]
    public void A_trial_that_was_asked_and_ends_all_the_same_has_ended()
    {
        var rig = new ScheduleRig(configurations: 1);
        var grant = rig.Running();
        rig.Do(schedule => schedule.TakeBack(1, grant.Lease, Other));

        rig.Complete(grant);

        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Fact]
    public void After_limits_epochs_no_trial_starts_and_those_that_run_end_by_themselves()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(Epochs: 3) });
        var first = rig.Running();
        var second = rig.Running();
        rig.Report(first, 1, 0.1);
        rig.Report(second, 1, 0.1);
        Assert.Equal(SweepState.Running, rig.Row.State);

        rig.Report(first, 2, 0.2);

        Assert.Equal((SweepState.Stopping, "limits.epochs (3) reached"), (rig.Row.State, rig.Row.Reason));
        Assert.Null(rig.Grant());
        rig.Report(first, 3, 0.3);
        rig.Complete(first);
        rig.Complete(second);
        Assert.Equal((SweepState.Stopped, "limits.epochs (3) reached"), (rig.Row.State, rig.Row.Reason));
    }

    [Fact]
    public void Epochs_count_on_after_a_restart_of_the_head()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(Epochs: 2) });
        var grant = rig.Running();
        rig.Report(grant, 1, 0.1);
        rig.Rebuild();

        rig.Report(grant, 2, 0.2);

        Assert.Equal(SweepState.Stopping, rig.Row.State);
    }

    [Fact]
    public void Slot_hours_are_of_all_attempts_and_outlive_the_head()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(SlotHours: 2) });
        var first = rig.Running();
        var second = rig.Running();
        rig.Now += TimeSpan.FromMinutes(30);
        rig.Complete(first);
        Assert.Equal(1800, rig.Row.SlotSeconds);
        rig.Rebuild();

        rig.Now += TimeSpan.FromMinutes(59);
        rig.Do(schedule => schedule.Tick(rig.Now));
        Assert.Equal(SweepState.Running, rig.Row.State);
        rig.Now += TimeSpan.FromMinutes(31);
        rig.Do(schedule => schedule.Tick(rig.Now));

        Assert.Equal((SweepState.Stopping, "limits.slot_hours (2) reached"), (rig.Row.State, rig.Row.Reason));
        rig.Complete(second);
        Assert.Equal(SweepState.Stopped, rig.Row.State);
    }

    [Fact]
    public void A_sweep_at_its_limit_is_not_extended_without_more_of_what_it_used_up()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(Epochs: 1), Seeds = new SeedPlan(1, null) });
        var grant = rig.Running();
        rig.Report(grant, 1, 0.1);
        rig.Complete(grant);
        Assert.Equal(SweepState.Stopped, rig.Row.State);

        var refused = Assert.Throws<SeqMnistSweep.Definitions.SweepRefusedException>(() =>
            rig.Schedule.Extend(null, new SweepEdits { Seeds = 2 }, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, "ada", "more", rig.Now));
        Assert.Contains("limits.epochs (1) is reached already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_says_how_many_trials_it_could_start()
    {
        var rig = new ScheduleRig(configurations: 4, with: d => d with { Limits = new SweepLimits(MaxParallel: 3) });
        Assert.Equal(2, rig.Schedule.Startable(2, rig.Now));
        Assert.Equal(3, rig.Schedule.Startable(100, rig.Now));

        rig.Running();
        Assert.Equal(2, rig.Schedule.Startable(100, rig.Now));
        rig.Do(schedule => schedule.Pause("ada", "lunch", rig.Now));
        Assert.Equal(0, rig.Schedule.Startable(100, rig.Now));
    }

    [Fact]
    public void A_running_trial_is_charged_what_one_is_expected_to_take_at_least()
    {
        var rig = new ScheduleRig();
        var first = rig.Running();
        Assert.Equal(new SlotUse(1, 1), rig.Schedule.UseOfSlots(rig.Now));
        rig.Now += TimeSpan.FromSeconds(10);
        rig.Complete(first);
        rig.Running();

        Assert.Equal(new SlotUse(20, 10), rig.Schedule.UseOfSlots(rig.Now + TimeSpan.FromSeconds(3)));
        Assert.Equal(new SlotUse(25, 10), rig.Schedule.UseOfSlots(rig.Now + TimeSpan.FromSeconds(15)));
        Assert.Equal(new SlotUse(20, 10), rig.Schedule.UseOfSlots(rig.Now - TimeSpan.FromHours(1)));
    }
}
