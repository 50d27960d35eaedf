using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class LeaseClockTests
{
    private static readonly TrialId Trial = new(SweepId.Parse("rig-0000"), 1);
    private readonly LeaseClock _clock = new(Seconds(15), Seconds(1));

    [Fact]
    public void A_lease_runs_out_when_its_holder_is_silent_for_its_time_to_live()
    {
        _clock.Hold(Trial, 1, "w", "a", Seconds(0));
        for (var second = 1; second < 15; second++)
        {
            Assert.Empty(_clock.Check(Seconds(second)));
        }

        Assert.Equal(Trial, _clock.Check(Seconds(15)).Single().Trial);
        Assert.Empty(_clock.Leases);
    }

    [Fact]
    public void Hearing_the_holder_renews_its_leases()
    {
        _clock.Hold(Trial, 1, "w", "a", Seconds(0));
        for (var second = 1; second < 60; second++)
        {
            Assert.Empty(_clock.Heard("w", "a", Seconds(second)));
            Assert.Empty(_clock.Check(Seconds(second)));
        }
    }

    [Fact]
    public void A_worker_that_started_again_has_lost_its_earlier_leases_at_once()
    {
        _clock.Hold(Trial, 1, "w", "a", Seconds(0));
        Assert.Equal(Trial, _clock.Heard("w", "b", Seconds(1)).Single().Trial);
        Assert.Empty(_clock.Leases);
    }

    [Fact]
    public void A_head_that_was_frozen_renews_every_lease_once()
    {
        _clock.Hold(Trial, 1, "w", "a", Seconds(0));
        Assert.Empty(_clock.Check(Seconds(1)));
        Assert.Empty(_clock.Check(Seconds(60)));
        for (var second = 61; second < 75; second++)
        {
            Assert.Empty(_clock.Check(Seconds(second)));
        }

        Assert.Single(_clock.Check(Seconds(75)));
    }

    [Fact]
    public void Releasing_an_older_lease_leaves_the_newer()
    {
        _clock.Hold(Trial, 2, "w", "a", Seconds(0));
        _clock.Release(Trial, 1);
        Assert.Single(_clock.Leases);
        _clock.Release(Trial, 2);
        Assert.Empty(_clock.Leases);
    }

    [Fact]
    public void An_answer_that_was_overtaken_does_not_bring_an_older_lease_back()
    {
        _clock.Hold(Trial, 2, "w", "a", Seconds(0));
        _clock.Hold(Trial, 1, "v", "b", Seconds(0));
        Assert.Equal(2, _clock.Leases.Single().Lease);
    }

    [Fact]
    public void An_inherited_lease_is_the_heads_fault_until_its_holder_is_heard_again()
    {
        _clock.Hold(Trial, 1, "w", "a", Seconds(0), inherited: true);
        Assert.Equal(LeaseLoss.HeadRestarted, _clock.Leases.Single().Loss);
        _clock.Heard("w", "a", Seconds(1));
        Assert.Equal(LeaseLoss.WorkerLost, _clock.Heard("w", "b", Seconds(2)).Single().Loss);
    }

    [Fact]
    public void A_late_word_of_a_workers_earlier_start_takes_nothing_from_the_later()
    {
        _clock.Heard("w", "a", Seconds(0));
        _clock.Heard("w", "b", Seconds(1));
        _clock.Hold(Trial, 1, "w", "b", Seconds(1));
        Assert.Empty(_clock.Heard("w", "a", Seconds(2)));
        Assert.Single(_clock.Leases);
        Assert.True(_clock.IsPast("w", "a"));
        Assert.False(_clock.IsPast("w", "b"));
    }

    [Fact]
    public void Aligning_drops_what_has_ended_takes_in_what_was_missed_and_spares_what_came_meanwhile()
    {
        TrialId second = new(Trial.Sweep, 2), third = new(Trial.Sweep, 3);
        _clock.Hold(Trial, 1, "w", "a", Seconds(0));
        var known = _clock.Leases.ToList();
        _clock.Hold(second, 1, "w", "a", Seconds(0));
        _clock.Align(known, [new HeldLease(third, 4, "w", "a", Seconds(15))]);
        Assert.Equal([second, third], _clock.Leases.Select(held => held.Trial).OrderBy(trial => trial.Number));
    }

    [Fact]
    public void The_leases_of_a_process_that_has_ended_are_over_at_once_and_it_gets_no_more()
    {
        TrialId second = new(Trial.Sweep, 2), third = new(Trial.Sweep, 3);
        _clock.Hold(Trial, 1, "w", "a", Seconds(0));
        _clock.Hold(second, 1, "w", "b", Seconds(0), inherited: true);
        Assert.Equal((Trial, LeaseLoss.WorkerLost), _clock.Bury("a").Select(held => (held.Trial, held.Loss)).Single());
        Assert.Equal((second, LeaseLoss.HeadRestarted), _clock.Bury("b").Select(held => (held.Trial, held.Loss)).Single());
        Assert.Empty(_clock.Bury("a"));
        Assert.True(_clock.IsPast("w", "a"));

        // An answer that was under way when it died.
        _clock.Hold(third, 1, "w", "a", Seconds(1));
        Assert.Equal(third, _clock.Check(Seconds(2)).Single().Trial);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
