using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>What a failed, killed or lost attempt costs its trial.</summary>
public sealed class FailedAttemptTests
{
    [Fact]
    public void A_clock_that_is_set_back_does_not_hold_up_a_retry()
    {
        var rig = new ScheduleRig(configurations: 1);
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Crashed, "it fell over"));
        Assert.Null(rig.Grant());

        rig.Now -= TimeSpan.FromHours(1);
        Assert.Equal(2, rig.Grant()?.Attempt);
    }

    [Fact]
    public void What_failed_at_a_worker_is_tried_elsewhere_and_there_again_only_when_nobody_else_took_it_for_a_minute()
    {
        var rig = new ScheduleRig(configurations: 1);
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Crashed, "it fell over"));
        rig.Now += TimeSpan.FromSeconds(1);
        Assert.Null(rig.Grant(hasOthers: true));
        rig.Rebuild();
        rig.Now += TimeSpan.FromSeconds(59);
        Assert.Null(rig.Grant(hasOthers: true));
        Assert.Equal(SweepState.Running, rig.Row.State);
        rig.Now += TimeSpan.FromSeconds(1);
        var second = rig.Grant(hasOthers: true)!;

        rig.Tell(second, new AttemptEvent.Failed(FailureCause.Crashed, "it fell over"));
        rig.Now += TimeSpan.FromSeconds(2);
        rig.Worker = new("w2", "silo-2", "cpu");
        Assert.Equal(3, rig.Grant(hasOthers: true)?.Attempt);
    }

    [Fact]
    public void A_trial_out_of_a_GPUs_memory_is_tried_once_more_alone_and_that_counts_for_nothing()
    {
        var rig = new ScheduleRig(configurations: 1) { Worker = new LeaseHolder("w1", "silo-1", "cuda:0") };
        var grant = rig.Grant()!;
        Assert.False(grant.Alone);
        rig.Tell(grant, new AttemptEvent.Started("cuda:0"));
        rig.Tell(grant, new AttemptEvent.Failed(FailureCause.OutOfMemory, "CUDA out of memory"));
        Assert.Equal((TrialState.Queued, 0), (rig.Rows[1].State, rig.Rows[1].Failures));

        var again = rig.Grant()!;
        Assert.True(again.Alone);
        rig.Tell(again, new AttemptEvent.Started("cuda:0"));
        rig.Tell(again, new AttemptEvent.Failed(FailureCause.OutOfMemory, "CUDA out of memory"));
        Assert.Equal(1, rig.Rows[1].Failures);
    }

    [Fact]
    public void A_trial_out_of_memory_on_a_CPU_is_not_tried_alone()
    {
        var rig = new ScheduleRig(configurations: 1);
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.OutOfMemory, "too large"));
        Assert.Equal(1, rig.Rows[1].Failures);
        Assert.False(rig.Rows[1].Alone);
    }

    [Fact]
    public void Three_losses_in_a_row_without_an_epoch_are_poison()
    {
        var rig = new ScheduleRig(configurations: 1);
        for (var loss = 0; loss < SweepSchedule.PoisonAfter; loss++)
        {
            rig.Lose(rig.Running());
        }

        Assert.Equal(TrialState.Failed, rig.Rows[1].State);
        Assert.Equal(FailureCause.Poison, rig.Rows[1].Cause);
        Assert.Equal(SweepState.Failed, rig.Row.State);
    }

    [Fact]
    public void A_trial_that_only_waited_at_a_lost_worker_is_no_nearer_to_poison()
    {
        var rig = new ScheduleRig(configurations: 1);
        for (var loss = 0; loss < SweepSchedule.PoisonAfter; loss++)
        {
            rig.Lose(rig.Grant(ahead: true)!);
        }

        Assert.Equal(TrialState.Queued, rig.Rows[1].State);
        Assert.Equal(0, rig.Rows[1].LossesInARow);

        var started = rig.Grant(ahead: true)!;
        rig.Tell(started, new AttemptEvent.Started("cpu"));
        rig.Lose(started);
        Assert.Equal(1, rig.Rows[1].LossesInARow);

        // In a free slot its first instruction may have killed the worker before anybody could tell.
        rig.Lose(rig.Grant()!);
        Assert.Equal(2, rig.Rows[1].LossesInARow);
    }

    [Fact]
    public void An_epoch_done_between_losses_clears_them()
    {
        var rig = new ScheduleRig(configurations: 1);
        for (var loss = 0; loss < 10; loss++)
        {
            var grant = rig.Running();
            if (loss % 2 == 0)
            {
                rig.Report(grant, (loss / 2) + 1, 0.5);
            }

            rig.Lose(grant);
        }

        Assert.Equal(TrialState.Queued, rig.Rows[1].State);
    }

    [Fact]
    public void Deaths_of_the_head_never_count()
    {
        var rig = new ScheduleRig(configurations: 1);
        for (var i = 0; i < 20; i++)
        {
            rig.Lose(rig.Running(), LeaseLoss.HeadRestarted);
        }

        Assert.Equal(TrialState.Queued, rig.Rows[1].State);
        Assert.Equal(20, rig.Rows[1].Attempts);
        Assert.Equal(0, rig.Rows[1].Failures);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 5)]
    public void A_program_that_ends_by_a_signal_again_and_again_without_a_new_epoch_fails(int max, int attempts)
    {
        var rig = new ScheduleRig(configurations: 1, with: d => d with { Retry = d.Retry with { Max = max } });
        var waits = new List<double>();
        while (!rig.Row.State.IsFinal())
        {
            var grant = rig.Running();
            rig.Report(grant, 1, 0.5);
            rig.Tell(grant, new AttemptEvent.Killed("the program was ended by SIGTERM"));
            var due = rig.Schedule.WaitsUntil(rig.Now) ?? rig.Now;
            waits.Add((due - rig.Now).TotalSeconds);
            rig.Now = due;
        }

        Assert.Equal((TrialState.Failed, FailureCause.Crashed, attempts), (rig.Rows[1].State, rig.Rows[1].Cause!.Value, rig.Rows[1].Attempts));
        Assert.Contains("ended by SIGTERM", rig.Rows[1].Message);
        Assert.Equal(max == 0 ? [0, 1, 0] : [0, 1, 2, 4, 0], waits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kill_costs_nothing_where_the_program_gets_on_by_an_epoch_each_time(bool rebuilt)
    {
        var rig = new ScheduleRig(configurations: 1, with: d => d with { Retry = d.Retry with { Max = 0 } });
        for (var epoch = 1; epoch <= 20; epoch++)
        {
            var grant = rig.Running();
            for (var again = 1; again <= epoch; again++)
            {
                rig.Report(grant, again, 0.5);
            }

            rig.Tell(grant, new AttemptEvent.Killed("the program was ended by SIGKILL"));
            if (rebuilt)
            {
                rig.Rebuild();
            }
        }

        Assert.Equal((TrialState.Queued, 20, 0), (rig.Rows[1].State, rig.Rows[1].Attempts, rig.Rows[1].Failures));
    }

    [Fact]
    public void A_crash_is_tried_again_after_a_growing_wait_and_then_fails()
    {
        var rig = new ScheduleRig(configurations: 1);
        var crash = new AttemptEvent.Failed(FailureCause.Crashed, "boom");
        rig.Tell(rig.Running(), crash);
        Assert.Null(rig.Grant());
        rig.Now += TimeSpan.FromSeconds(1);
        rig.Tell(rig.Running(), crash);
        rig.Now += TimeSpan.FromSeconds(1);
        Assert.Null(rig.Grant());
        rig.Now += TimeSpan.FromSeconds(1);
        rig.Tell(rig.Running(), crash);

        Assert.Equal(TrialState.Failed, rig.Rows[1].State);
        Assert.Equal(FailureCause.Crashed, rig.Rows[1].Cause);
        Assert.Equal(3, rig.Rows[1].Attempts);
        Assert.Equal(SweepState.Failed, rig.Row.State);
    }

    [Theory]
    [InlineData(FailureCause.Diverged)]
    [InlineData(FailureCause.Invalid)]
    public void What_would_fail_again_is_not_tried_again(FailureCause cause)
    {
        var rig = new ScheduleRig();
        rig.Tell(rig.Running(), new AttemptEvent.Failed(cause, "no"));

        Assert.Equal(TrialState.Failed, rig.Rows[1].State);
    }

    [Fact]
    public void A_device_that_does_not_work_costs_its_trial_nothing_until_it_has_failed_everywhere()
    {
        var rig = new ScheduleRig();
        for (var attempt = 1; attempt < SweepSchedule.PoisonAfter; attempt++)
        {
            rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Device, "cuInit answers CUDA_ERROR_NO_DEVICE"));
            Assert.Equal(TrialState.Queued, rig.Rows[1].State);
            Assert.Equal(0, rig.Rows[1].Failures);
            rig.Now += TimeSpan.FromMinutes(1);
        }

        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Device, "cuInit answers CUDA_ERROR_NO_DEVICE"));
        Assert.Equal(TrialState.Failed, rig.Rows[1].State);
        Assert.Equal(FailureCause.Device, rig.Rows[1].Cause);
    }

    [Fact]
    public void Max_failures_fails_the_sweep_and_ends_what_runs()
    {
        var rig = new ScheduleRig(with: d => d with { Limits = new SweepLimits(MaxFailures: 1) });
        var other = rig.Running();
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Invalid, "no"));

        Assert.Equal(SweepState.Failed, rig.Row.State);
        Assert.Contains("max_failures", rig.Row.Reason, StringComparison.Ordinal);
        Assert.Equal(TrialState.Cancelled, rig.Rows[other.Trial.Number].State);
        Assert.False(rig.Schedule.Holds(other.Trial.Number, other.Lease));
    }

    [Fact]
    public void An_epoch_done_again_clears_no_losses()
    {
        var rig = new ScheduleRig(configurations: 1);
        for (var loss = 0; loss < SweepSchedule.PoisonAfter; loss++)
        {
            var grant = rig.Running();
            rig.Report(grant, 1, 0.5);
            rig.Lose(grant);
        }

        Assert.Equal(FailureCause.Poison, rig.Rows[1].Cause);
    }

    [Fact]
    public void A_runner_that_always_stops_unasked_does_not_go_on_for_ever()
    {
        var rig = new ScheduleRig(configurations: 1);
        while (!rig.Row.State.IsFinal())
        {
            rig.Now += TimeSpan.FromMinutes(1);
            rig.Tell(rig.Running(), new AttemptEvent.Stopped());
        }

        Assert.Equal(3, rig.Rows[1].Attempts);
    }
}
