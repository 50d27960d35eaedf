using SeqMnistSweep.Head.Webhooks;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Tests.Webhooks;

public sealed class NoticeRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly NoticeRules _rules = new(0.5);

    [Fact]
    public void The_end_of_a_sweep_is_told_once_and_again_when_it_went_on()
    {
        Assert.Null(_rules.Moved(Sweep("running"), Now));
        Assert.Equal("finished", _rules.Moved(Sweep("completed"), Now)?.Kind);
        Assert.Null(_rules.Moved(Sweep("completed"), Now));
        Assert.Null(_rules.Moved(Sweep("running"), Now));
        Assert.Equal("finished", _rules.Moved(Sweep("stopped"), Now)?.Kind);
    }

    [Theory]
    [InlineData(true, 0.9, null, true)]
    [InlineData(true, 0.9, 0.8, true)]
    [InlineData(true, 0.8, 0.8, false)]
    [InlineData(true, 0.7, 0.8, false)]
    [InlineData(false, 0.7, 0.8, true)]
    [InlineData(false, 0.9, 0.8, false)]
    [InlineData(true, null, null, false)]
    [InlineData(true, double.NaN, null, false)]
    public void A_better_value_is_a_new_best(bool maximize, double? value, double? before, bool told)
    {
        var notice = NoticeRules.Completed(Sweep("running") with { Goal = maximize ? "maximize" : "minimize" }, 7, value, before, Now);
        Assert.Equal(told, notice is not null);
        Assert.True(notice is null or { Trial: "tcn-7f3k/7" });
    }

    [Fact]
    public void Too_many_failures_are_told_once_until_they_are_fewer()
    {
        Assert.Null(_rules.Ended(Sweep("running") with { Failed = 9 }, Now)); // too few to tell
        Assert.Null(_rules.Ended(Sweep("running") with { Failed = 5, Completed = 5 }, Now));
        Assert.Equal("6 of 11 ended trials of tcn-7f3k have failed", _rules.Ended(Sweep("running") with { Failed = 6, Completed = 5 }, Now)?.Text);
        Assert.Null(_rules.Ended(Sweep("running") with { Failed = 7, Completed = 5 }, Now));
        Assert.Null(_rules.Ended(Sweep("running") with { Failed = 7, Completed = 9 }, Now));
        Assert.NotNull(_rules.Ended(Sweep("running") with { Failed = 12, Completed = 9 }, Now));
    }

    private static SweepRow Sweep(string state) => new(
        "tcn-7f3k", "tcn", state, "grid", "val_accuracy", Goal: "maximize", Infeasible: 0, Spec: "", Created: "", Started: null, Finished: null,
        Planned: null, Priority: 0, Weight: 1, SlotHours: 0, Cause: null, Reason: null, Digest: "", Edits: "{}", SubmitKey: null, Prior: "[]", Trials: 0,
        Queued: 0, Running: 0, Paused: 0, Completed: 0, Pruned: 0, Failed: 0, Cancelled: 0, Best: null);
}
