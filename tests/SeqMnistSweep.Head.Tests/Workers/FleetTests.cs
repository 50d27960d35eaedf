using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Workers;

public sealed class FleetTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly SweepAction Ada = new("ada@lab", "a new fan");
    private readonly Fleet _fleet = new(TimeSpan.FromSeconds(15));

    [Fact]
    public void A_worker_is_lost_when_it_is_silent_for_too_long_and_ready_when_it_is_heard_again()
    {
        Assert.True(Hear("w", second: 0));
        Assert.False(Hear("w", second: 10));
        _fleet.Check(Seconds(25));
        Assert.Equal(WorkerState.Ready, State("w"));
        _fleet.Check(Seconds(26));
        Assert.Equal(WorkerState.Lost, State("w"));
        Assert.Equal("nothing was heard of it for 15 s", _fleet.Find("w")!.Reason);
        Hear("w", second: 27);
        Assert.Equal(WorkerState.Ready, State("w"));
    }

    [Fact]
    public void A_head_that_was_frozen_blames_nobody()
    {
        Hear("w", second: 0);
        _fleet.Forgive(Seconds(60));
        _fleet.Check(Seconds(60));
        Assert.Equal(WorkerState.Ready, State("w"));
    }

    [Fact]
    public void A_crash_takes_the_start_that_ended_and_not_a_later_one()
    {
        Hear("w", second: 0);
        Hear("w", second: 1, incarnation: 2);
        _fleet.Crash("w-1");
        Assert.Equal(WorkerState.Ready, State("w"));
        _fleet.Crash("w-2");
        Assert.Equal(WorkerState.Lost, State("w"));
    }

    [Fact]
    public void Draining_ends_in_drained_and_outlives_a_start_of_the_worker()
    {
        Hear("w", second: 0, running: 1);
        _fleet.Drain("w", Ada);
        Assert.Equal(WorkerState.Draining, State("w"));
        Hear("w", second: 1);
        Assert.Equal(WorkerState.Drained, State("w"));
        Hear("w", second: 2, incarnation: 2);
        Assert.Equal("drained by ada@lab: a new fan", _fleet.Find("w")!.Reason);
        _fleet.Drain("w", null);
        Assert.Equal(WorkerState.Ready, State("w"));
    }

    [Fact]
    public void A_worker_that_left_is_gone_and_is_not_lost_later()
    {
        Hear("w", second: 0, leaving: true);
        _fleet.Check(Seconds(100));
        _fleet.Crash("w-1");
        Assert.Equal(WorkerState.Gone, State("w"));
    }

    [Fact]
    public void A_row_is_written_for_news_and_now_and_then_for_the_time()
    {
        Hear("w", second: 0);
        Store("w");
        Hear("w", second: 29);
        Assert.Null(_fleet.Unstored("w"));
        Hear("w", second: 30);
        Assert.NotNull(_fleet.Unstored("w"));
        Store("w");
        Hear("w", second: 31, tags: ["a100"]);
        Assert.Equal("a100", _fleet.Unstored("w")!.Tags.Single());
        Store("w");
        _fleet.Crash("w-1");
        Assert.Equal("lost", _fleet.Unstored("w")!.State);
    }

    [Fact]
    public void A_name_that_nobody_has_offers_the_nearest()
    {
        Assert.Contains("none has joined yet", Assert.Throws<SweepRefusedException>(() => _fleet.Require("w")).Message, StringComparison.Ordinal);
        Hear("worker-1", second: 0);
        Assert.Contains("did you mean 'worker-1'?", Assert.Throws<SweepRefusedException>(() => _fleet.Require("worker1")).Message, StringComparison.Ordinal);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private WorkerState State(string name) => _fleet.Find(name)!.State;

    private void Store(string name) => _fleet.Stored(_fleet.Unstored(name)!);

    private bool Hear(string name, int second, int incarnation = 1, int running = 0, bool leaving = false, string[]? tags = null) => _fleet.Hear(
        new ExchangeRequest
        {
            Holder = new LeaseHolder(name, $"{name}-{incarnation}", "cpu"),
            Slots = 1,
            FreeSlots = 1 - running,
            Leaving = leaving,
            Offer = new WorkerOffer { Tags = [.. tags ?? []] },
            Running = [.. Enumerable.Range(1, running).Select(number => new RunningAttempt(new TrialId(SweepId.Parse("s-0000"), number), 1, null))],
        },
        Seconds(second),
        Start + Seconds(second));
}
