using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Workers;

public sealed class WorkerHealthTests
{
    private static readonly SweepId Sweep = SweepId.Parse("grid-0000");
    private readonly WorkerHealth _health = new();
    private readonly Dictionary<int, int> _attempts = [];

    [Fact]
    public void Three_configurations_that_fail_at_a_worker_and_do_well_elsewhere_are_the_worker_s_fault()
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            Assert.Null(_health.Against("bad"));
            Fail(trial, "bad");
            Complete(trial, "good");
        }

        var found = _health.Against("bad")!;
        Assert.Equal(
            "3 configurations failed here and did well elsewhere: grid-0000/1 crashed: exit code 1, then well on good; "
            + "grid-0000/2 crashed: exit code 1, then well on good; grid-0000/3 crashed: exit code 1, then well on good",
            found.Reason);
        Assert.Equal([Sweep], found.Sweeps);
        Assert.Null(_health.Against("good"));
    }

    [Fact]
    public void What_fails_everywhere_speaks_against_nobody()
    {
        for (var trial = 1; trial <= 5; trial++)
        {
            Fail(trial, "one");
            Fail(trial, "two");
            Fail(trial, "three");
        }

        Assert.All(["one", "two", "three"], worker => Assert.Null(_health.Against(worker)));
    }

    [Fact]
    public void Trials_that_differ_in_their_seed_alone_count_once()
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            Fail(trial, "bad", configuration: 7);
            Complete(trial, "good");
        }

        Assert.Null(_health.Against("bad"));
    }

    [Theory]
    [InlineData(FailureCause.Diverged)]
    [InlineData(FailureCause.Invalid)]
    [InlineData(FailureCause.OutOfMemory)]
    public void A_cause_that_lies_in_the_configuration_is_no_fault_of_a_worker(FailureCause cause)
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            Fail(trial, "bad", cause);
            Complete(trial, "good");
        }

        Assert.Null(_health.Against("bad"));
    }

    [Fact]
    public void An_epoch_further_elsewhere_is_enough_and_one_at_the_worker_itself_is_not()
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            Fail(trial, "bad", FailureCause.Timeout);
            Grant(trial, "bad");
            _health.Progressed(new TrialId(Sweep, trial), _attempts[trial]);
        }

        Assert.Null(_health.Against("bad"));
        for (var trial = 1; trial <= 3; trial++)
        {
            Grant(trial, "good");
            _health.Progressed(new TrialId(Sweep, trial), _attempts[trial]);
        }

        Assert.NotNull(_health.Against("bad"));
    }

    [Fact]
    public void A_trial_that_ends_well_at_the_worker_takes_back_what_was_held_against_it()
    {
        for (var trial = 1; trial <= 2; trial++)
        {
            Fail(trial, "bad");
            Complete(trial, "good");
        }

        Complete(3, "bad");
        Fail(4, "bad");
        Complete(4, "good");
        Assert.Null(_health.Against("bad"));
    }

    [Fact]
    public void A_quarantine_settles_what_was_known_before_it()
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            Fail(trial, "bad");
            Complete(trial, "good");
        }

        _health.Clear("bad");
        Assert.Null(_health.Against("bad"));
    }

    [Fact]
    public void What_is_heard_twice_counts_once_and_of_a_sweep_that_always_crashes_only_the_newest_trials_are_kept()
    {
        for (var trial = 1; trial <= 5000; trial++)
        {
            Fail(trial, "bad");
            Note(trial, trial, TrialState.Running, TrialState.Queued, TransitionCause.Failed, "bad", FailureCause.Crashed);
        }

        Assert.Equal(1000, _health.Open.Count);
        for (var trial = 4999; trial <= 5000; trial++)
        {
            Complete(trial, "good");
        }

        Assert.Null(_health.Against("bad"));
    }

    [Fact]
    public void The_last_worker_that_takes_trials_keeps_them_until_another_has_come()
    {
        Accuse("bad", 1);

        Assert.Empty(_health.ToQuarantine([]));
        Assert.Empty(_health.ToQuarantine(["bad"]));
        Assert.Empty(_health.ToQuarantine(["good", "new"]));
        Assert.Equal(["bad"], _health.ToQuarantine(["bad", "new"]).Select(found => found.Worker));
    }

    [Fact]
    public void Where_all_are_at_fault_one_stays()
    {
        Accuse("bad", 1);
        Accuse("worse", 11);

        Assert.Equal(["bad"], _health.ToQuarantine(["bad", "worse"]).Select(found => found.Worker));
        Assert.Equal(["bad", "worse"], _health.ToQuarantine(["bad", "worse", "good"]).Select(found => found.Worker));
    }

    [Fact]
    public void The_texts_of_the_events_decide_nothing()
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            Grant(trial, "bad");
            Note(trial, trial, TrialState.Running, TrialState.Queued, TransitionCause.Failed, "bad", FailureCause.Crashed, "x");
            Grant(trial, "good");
            Note(trial, trial, TrialState.Running, TrialState.Completed, TransitionCause.Finished, "good", reason: "crashed: x");
        }

        Assert.NotNull(_health.Against("bad"));
        Assert.Null(_health.Against("good"));
    }

    private void Accuse(string worker, int first)
    {
        for (var trial = first; trial < first + 3; trial++)
        {
            Fail(trial, worker);
            Complete(trial, "good");
        }
    }

    private void Fail(int trial, string worker, FailureCause cause = FailureCause.Crashed, int? configuration = null)
    {
        Grant(trial, worker);
        Note(trial, configuration ?? trial, TrialState.Running, TrialState.Queued, TransitionCause.Failed, worker, cause);
    }

    private void Complete(int trial, string worker)
    {
        Grant(trial, worker);
        Note(trial, trial, TrialState.Running, TrialState.Completed, TransitionCause.Finished, worker);
    }

    private void Grant(int trial, string worker)
    {
        _attempts[trial] = _attempts.GetValueOrDefault(trial) + 1;
        Note(trial, trial, TrialState.Queued, TrialState.Leased, TransitionCause.Granted, worker);
    }

    private void Note(
        int trial, int configuration, TrialState from, TrialState to, TransitionCause cause, string worker, FailureCause? failure = null, string? reason = null)
    {
        reason ??= failure is { } how ? $"{how.ToName()}: exit code 1; retry 1 of 2 in 1 s" : "for the test";
        _health.Note(new TrialTransition(new TrialId(Sweep, trial), configuration, from, to, cause, failure, reason, worker, worker, _attempts[trial]));
    }
}
