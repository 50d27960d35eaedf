using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Sweeps;

public sealed class LeaseClockTests
{
    private static readonly SweepId Sweep = SweepId.Parse("rig-0000");
    private readonly LeaseClock _clock = new(Seconds(15), Seconds(1));

    [Fact]
    public void A_holder_that_is_silent_for_its_time_loses_its_leases()
    {
        _clock.Hear("w", "a", Seconds(0));
        CheckEverySecond(1, 14);
        Assert.Null(LossOf("w", "a"));
        CheckEverySecond(15, 15);
        Assert.Equal(LeaseLoss.WorkerLost, LossOf("w", "a"));
    }

    [Fact]
    public void A_holder_that_is_heard_keeps_them_also_when_it_was_late()
    {
        for (var second = 0; second < 60; second++)
        {
            _clock.Hear("w", "a", Seconds(second));
            CheckEverySecond(second, second);
            Assert.Null(LossOf("w", "a"));
        }

        CheckEverySecond(60, 80);
        _clock.Hear("w", "a", Seconds(80));
        Assert.Null(LossOf("w", "a"));
    }

    [Fact]
    public void A_worker_that_started_again_has_lost_its_earlier_leases_at_once()
    {
        Assert.True(_clock.Hear("w", "a", Seconds(0)));
        Assert.False(_clock.Hear("w", "a", Seconds(1)));
        Assert.True(_clock.Hear("w", "b", Seconds(1)));
        Assert.Equal(LeaseLoss.WorkerLost, LossOf("w", "a"));
        Assert.Null(LossOf("w", "b"));
    }

    [Fact]
    public void A_late_word_of_a_workers_earlier_start_takes_nothing_from_the_later()
    {
        _clock.Hear("w", "a", Seconds(0));
        _clock.Hear("w", "b", Seconds(1));
        Assert.False(_clock.Hear("w", "a", Seconds(2)));
        Assert.Null(LossOf("w", "b"));
        Assert.True(_clock.IsPast("a"));
        Assert.False(_clock.IsPast("b"));
    }

    [Fact]
    public void A_head_that_was_frozen_gives_every_holder_its_own_time_once_more()
    {
        var ada = new ExternalClient("ada@lab", "k:1", TimeSpan.FromHours(1)).ToHolder();
        _clock.Hear("w", "a", Seconds(0));
        _clock.Renew(ada.Incarnation, ada.LeaseLife, Seconds(0));
        CheckEverySecond(1, 1);
        Assert.False(_clock.WasFrozen);
        CheckEverySecond(7200, 7200);
        Assert.True(_clock.WasFrozen);
        CheckEverySecond(7201, 7214);
        Assert.Null(LossOf("w", "a"));
        CheckEverySecond(7215, 7215);
        Assert.NotNull(LossOf("w", "a"));
        CheckEverySecond(7216, 7200 + 3599);
        Assert.Null(LossOf(ada));
        CheckEverySecond(7200 + 3600, 7200 + 3600);
        Assert.NotNull(LossOf(ada));
    }

    [Fact]
    public void Of_an_earlier_heads_holder_the_end_is_the_heads_fault_until_it_is_heard()
    {
        Assert.Null(LossOf("w", "a"));
        CheckEverySecond(1, 14);
        Assert.Null(LossOf("w", "a"));
        CheckEverySecond(15, 15);
        Assert.Equal(LeaseLoss.HeadRestarted, LossOf("w", "a"));

        Assert.Null(LossOf("v", "b", second: 15));
        _clock.Hear("v", "b", Seconds(16));
        _clock.Hear("v", "c", Seconds(17));
        Assert.Equal(LeaseLoss.WorkerLost, LossOf("v", "b"));

        _clock.Hear("u", "e", Seconds(17));
        Assert.Equal(LeaseLoss.HeadRestarted, LossOf("u", "d"));
    }

    [Fact]
    public void A_process_that_has_ended_loses_its_leases_at_once_and_gets_no_more()
    {
        _clock.Hear("w", "a", Seconds(0));
        LossOf("w", "b");
        Assert.True(_clock.Expire("a"));
        Assert.True(_clock.Expire("b"));
        Assert.False(_clock.Expire("a"));
        Assert.Equal((LeaseLoss.WorkerLost, LeaseLoss.HeadRestarted), (LossOf("w", "a"), LossOf("w", "b")));
        Assert.False(_clock.Hear("w", "a", Seconds(1)));
        Assert.NotNull(LossOf("w", "a"));
    }

    [Fact]
    public void One_client_of_ask_that_is_heard_renews_no_other_lease()
    {
        var first = new ExternalClient("ada@lab", "k1", TimeSpan.FromSeconds(10)).ToHolder();
        var second = new ExternalClient("ada@lab", "k2", TimeSpan.FromSeconds(10)).ToHolder();
        LossOf(second);
        CheckEverySecond(1, 9);
        Assert.Null(LossOf(second));
        _clock.Renew(first.Incarnation, first.LeaseLife, Seconds(9));
        CheckEverySecond(10, 10);
        Assert.Null(LossOf(first));
        Assert.Equal(LeaseLoss.HeadRestarted, LossOf(second));
        CheckEverySecond(11, 18);
        Assert.Null(LossOf(first));
        CheckEverySecond(19, 19);
        Assert.Equal(LeaseLoss.WorkerLost, LossOf(first));
    }

    [Fact]
    public void The_sweeps_that_asked_about_a_holder_are_known_for_two_checks_and_a_holder_for_as_long_as_a_sweep_asks()
    {
        LossOf("w", "a");
        CheckEverySecond(1, 1);
        Assert.Equal([Sweep], _clock.SweepsOf("a"));
        CheckEverySecond(2, 2);
        Assert.Empty(_clock.SweepsOf("a"));
        for (var second = 3; second < 30; second++)
        {
            LossOf("w", "a");
            CheckEverySecond(second, second);
        }

        Assert.Equal(["a"], _clock.Holders);
        CheckEverySecond(30, 31);
        Assert.Empty(_clock.Holders);
    }

    private LeaseLoss? LossOf(string worker, string incarnation, int second = 0) => LossOf(new LeaseHolder(worker, incarnation, "cpu"), second);

    private LeaseLoss? LossOf(LeaseHolder holder, int second = 0) => _clock.LossOf(Sweep, holder, Seconds(second));

    private void CheckEverySecond(int from, int to)
    {
        for (var second = from; second <= to; second++)
        {
            _clock.Check(Seconds(second));
        }
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
