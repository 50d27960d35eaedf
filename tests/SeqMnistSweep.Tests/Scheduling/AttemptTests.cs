using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>What the times of a trial are made of.</summary>
public sealed class AttemptTests
{
    private readonly ScheduleRig _rig = new(configurations: 1);

    [Fact]
    public void A_lease_that_is_given_back_before_it_ran_is_no_attempt_and_leaves_no_trace_in_times()
    {
        var waiting = _rig.Grant(ahead: true)!;
        _rig.Now += TimeSpan.FromMinutes(15);
        _rig.Tell(waiting, new AttemptEvent.Released("drained"));
        Assert.Equal((0, null, 0), (_rig.Rows[1].Attempts, _rig.Rows[1].Started, _rig.Row.SlotSeconds));

        var grant = _rig.Grant()!;
        Assert.Equal((1, 2), (grant.Attempt, grant.Lease));
        _rig.Now += TimeSpan.FromSeconds(5);
        var started = _rig.Now;
        _rig.Tell(grant, new AttemptEvent.Started("cpu"));
        _rig.Now += TimeSpan.FromSeconds(80);
        _rig.Complete(grant);

        Assert.Equal((1, started, 80), (_rig.Rows[1].Attempts, _rig.Rows[1].Started, _rig.Rows[1].RunSeconds));
        var attempt = new AttemptRecord(
            1, "w1", "cpu", started - TimeSpan.FromSeconds(5), started, _rig.Now, TrialState.Completed, TransitionCause.Finished, null);
        Assert.Equal([(1, attempt)], _rig.Attempts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lease_that_was_lost_or_cancelled_while_it_waited_is_no_attempt(bool lost)
    {
        var waiting = _rig.Grant(ahead: true)!;
        if (lost)
        {
            _rig.Lose(waiting);
        }
        else
        {
            _rig.Do(schedule => schedule.CancelTrial(1, "ada@lab", "no use", _rig.Now));
        }

        Assert.Equal(0, _rig.Rows[1].Attempts);
        Assert.Empty(_rig.Attempts);
    }

    [Fact]
    public void A_trial_has_run_for_as_long_as_its_attempts_together()
    {
        var first = _rig.Running();
        _rig.Now += TimeSpan.FromSeconds(30);
        _rig.Lose(first);
        _rig.Now += TimeSpan.FromHours(1);
        var second = _rig.Running();
        Assert.Equal(2, second.Attempt);
        _rig.Now += TimeSpan.FromSeconds(50);
        _rig.Complete(second);

        Assert.Equal((80, ScheduleRig.Start), (_rig.Rows[1].RunSeconds, _rig.Rows[1].Started));
        Assert.Equal(
            [(TrialState.Queued, TransitionCause.WorkerLost), (TrialState.Completed, TransitionCause.Finished)],
            _rig.Attempts.Select(ended => (ended.Attempt.Outcome, ended.Attempt.Cause)));
    }

    [Fact]
    public void An_attempt_that_failed_before_its_runner_started_has_no_start()
    {
        _rig.Tell(_rig.Grant()!, new AttemptEvent.Failed(FailureCause.Invalid, "no such device"));
        var (_, attempt) = Assert.Single(_rig.Attempts);
        Assert.Equal((null, "invalid", 0), (attempt.Started, attempt.CauseName, _rig.Rows[1].RunSeconds));
    }

    [Fact]
    public void A_trial_that_waits_at_its_worker_uses_no_slot()
    {
        var grant = _rig.Grant(ahead: true)!;
        _rig.Now += TimeSpan.FromHours(1);
        Assert.Equal(0, _rig.Schedule.SlotSeconds(_rig.Now));
        _rig.Tell(grant, new AttemptEvent.Started("cpu"));
        _rig.Now += TimeSpan.FromSeconds(80);
        _rig.Complete(grant);
        Assert.Equal(80, _rig.Row.SlotSeconds);
    }
}
