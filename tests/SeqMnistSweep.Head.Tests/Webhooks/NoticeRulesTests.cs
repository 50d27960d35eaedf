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
    [InlineData(0.9, 3, null, 3, true)]
    [InlineData(0.9, 3, 0.8, 3, true)]
    [InlineData(0.8, 3, 0.8, 3, false)] // no better than before
    [InlineData(null, 3, null, 3, false)]
    [InlineData(0.9, 2, null, 3, false)] // a seed is missing
    [InlineData(0.9, 3, 0.95, 2, true)]
    public void The_trial_that_makes_a_configuration_the_best_is_told_once(double? value, long seeds, double? before, long seedsBefore, bool told)
    {
        LeaderboardRow[] rows = [Row(7, value, seeds), Row(3, before, seedsBefore)];
        var notice = _rules.Completed(Sweep("running"), Trial(7), rows, Now);
        Assert.Equal(told, notice is not null);
        Assert.True(notice is null or { Trial: "tcn-7f3k/7", Value: 0.9 });
        Assert.Null(_rules.Completed(Sweep("running"), Trial(7), rows, Now));
        Assert.Null(_rules.Completed(Sweep("running"), Trial(3), rows, Now));
    }

    private static LeaderboardRow Row(int number, double? value, long seeds) =>
        new("tcn-7f3k", 1, $"tcn-7f3k/{number}", value, null, seeds, 1, null, "{}", number, PlannedSeeds: 3, Baseline: false, Confirmed: false, Low: null, High: null, Searched: null, Gap: null);

    private static TrialRow Trial(int number) => new(
        $"tcn-7f3k/{number}", "tcn-7f3k", number, number, "completed", null, null, 0.5, 1, null, null, "{}", 1, 1, null, null, null, null, "", 1, null, 1, 0, null, null, "search", null, 1);

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
        Planned: null, Priority: 0, Weight: 1, SlotHours: 0, Seeds: 3, Cause: null, Reason: null, Digest: "", Edits: "{}", SubmitKey: null, Prior: "[]",
        Title: null, Description: null, Tags: "[]", Note: null, Archived: null, Trials: 0,
        Queued: 0, Running: 0, Paused: 0, Completed: 0, Pruned: 0, Failed: 0, Cancelled: 0, Best: null);
}
