using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class StagnationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_search_that_brings_nothing_better_ends_after_so_many_configurations(bool restarts)
    {
        var rig = Rig(2);
        foreach (var value in new[] { 0.1, 0.05, 0.5, 0.4, 0.3 })
        {
            Assert.False(rig.Row.State.IsFinal());
            RunOne(rig, value);
            if (restarts)
            {
                rig.Rebuild();
            }
        }

        Assert.Equal((SweepState.Completed, SweepCause.Stagnation, 5), (rig.Row.State, rig.Row.Cause, rig.Rows.Count));
        Assert.Equal("stagnation (2) reached: 2 configurations in a row brought no better value", rig.Row.Reason);
    }

    [Fact]
    public void Configurations_count_in_the_order_in_which_they_end()
    {
        var rig = Rig(2);
        var (first, second, third, fourth) = (rig.Running(), rig.Running(), rig.Running(), rig.Running());
        foreach (var (grant, value) in new[] { (third, 0.5), (first, 0.1), (fourth, 0.6), (second, 0.2) })
        {
            rig.Report(grant, 1, value);
            rig.Complete(grant);
        }

        Assert.Equal(SweepState.Running, rig.Row.State);
        RunOne(rig, 0.6); // as good is no better
        Assert.Equal((SweepState.Completed, SweepCause.Stagnation), (rig.Row.State, rig.Row.Cause));
    }

    [Fact]
    public void Before_the_first_value_nothing_counts_and_failures_brought_none_after_it()
    {
        var rig = Rig(2, definition => definition with { Retry = new RetryPolicy { Max = 0 } });
        Fail(rig);
        Fail(rig);
        RunOne(rig, 0.5);
        Fail(rig);
        Assert.Equal(SweepState.Running, rig.Row.State);
        Fail(rig);
        Assert.Equal((SweepState.Completed, SweepCause.Stagnation), (rig.Row.State, rig.Row.Cause));
    }

    [Fact]
    public void A_search_that_stands_still_is_confirmed_and_stays_where_it_ended()
    {
        var rig = Rig(2, definition => definition with { Confirm = new ConfirmPlan(1, 2) });
        RunOne(rig, 0.5);
        RunOne(rig, 0.4);
        RunOne(rig, 0.3);
        rig.Rebuild();
        RunOne(rig, 0.9);
        rig.Rebuild();
        RunOne(rig, 0.9);
        Assert.Equal((SweepState.Completed, SweepCause.Stagnation, 5), (rig.Row.State, rig.Row.Cause, rig.Rows.Count));
    }

    private static ScheduleRig Rig(int limit, Func<SweepDefinition, SweepDefinition>? with = null) => new(
        configurations: 9, definition => (with ?? (same => same))(definition with { Limits = new SweepLimits(Stagnation: limit) }));

    private static void RunOne(ScheduleRig rig, double value)
    {
        var grant = rig.Running();
        rig.Report(grant, 1, value);
        rig.Complete(grant);
    }

    private static void Fail(ScheduleRig rig) =>
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Diverged, "nan"));
}
