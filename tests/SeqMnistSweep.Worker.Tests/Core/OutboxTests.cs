using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.Worker.Tests.Core;

public sealed class OutboxTests
{
    private static readonly TrialId Trial = new(SweepId.Parse("rig-0000"), 1);

    [Fact]
    public void Events_are_sent_again_in_order_until_they_are_acknowledged()
    {
        var outbox = new Outbox();
        for (var i = 0; i < 3; i++)
        {
            outbox.Add(Trial, 1, new AttemptEvent.Killed($"{i}"));
        }

        Assert.Equal([1, 2, 3], outbox.Pending(out _).Select(e => e.Sequence));
        outbox.Acknowledge(0);
        outbox.Acknowledge(2);
        Assert.Equal([3], outbox.Pending(out _).Select(e => e.Sequence));
        outbox.Acknowledge(1);
        Assert.False(outbox.IsEmpty);
        outbox.Acknowledge(3);
        Assert.True(outbox.IsEmpty);
    }

    [Fact]
    public void What_does_not_fit_into_one_exchange_is_named_and_comes_next()
    {
        var outbox = new Outbox();
        for (var i = 0; i < Outbox.MaxEvents; i++)
        {
            outbox.Add(Trial, 1, new AttemptEvent.Killed($"{i}"));
        }

        outbox.Add(Trial, 2, new AttemptEvent.Stopped());
        Assert.Equal(Outbox.MaxEvents, outbox.Pending(out var later).Length);
        Assert.Equal([(Trial, 2L)], later);
        outbox.Acknowledge(Outbox.MaxEvents);
        Assert.IsType<AttemptEvent.Stopped>(outbox.Pending(out later).Single().Event);
        Assert.Empty(later);
    }

    [Fact]
    public void Events_of_a_sweep_that_could_not_answer_stay_and_hold_up_no_others()
    {
        var outbox = new Outbox();
        var broken = SweepId.Parse("rig-0001");
        outbox.Add(new TrialId(broken, 1), 1, new AttemptEvent.Started("cpu"));
        outbox.Add(Trial, 1, new AttemptEvent.Started("cpu"));
        outbox.Add(new TrialId(broken, 1), 1, new AttemptEvent.Stopped());
        outbox.Add(Trial, 1, new AttemptEvent.Stopped());
        Assert.Equal(1, outbox.Acknowledge(3, [broken]));
        Assert.Equal([1, 3, 4], outbox.Pending(out _).Select(e => e.Sequence));
        Assert.Equal(1, outbox.Acknowledge(4, [broken]));
        Assert.Equal(0, outbox.Acknowledge(4, [broken]));
        Assert.Equal([1, 3], outbox.Pending(out _).Select(e => e.Sequence));
        Assert.Equal(2, outbox.Acknowledge(4));
        Assert.True(outbox.IsEmpty);
    }
}
