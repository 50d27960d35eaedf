using System.Collections.Immutable;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Grains;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Client;

public sealed class WaitGoalTests
{
    [Theory]
    [InlineData("done", SweepState.Running, false)]
    [InlineData("done", SweepState.Stopping, false)]
    [InlineData("done", SweepState.Cancelled, true)]
    [InlineData("done", SweepState.Failed, true)]
    public void Done_is_any_end(string goal, SweepState state, bool reached) => Assert.Equal(reached, WaitGoal.Parse(goal, "loss").IsReached(Status(state, 0, null)));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Running_is_the_first_trial_that_started(int running, bool reached) =>
        Assert.Equal(reached, WaitGoal.Parse("running", "loss").IsReached(Status(SweepState.Running, running, null)));

    [Theory]
    [InlineData("loss<=0.5", 0.5, true)]
    [InlineData("loss<0.5", 0.6, false)]
    [InlineData("metric>=0.5", 0.6, true)]
    [InlineData("metric >= 0.5", 0.4, false)]
    [InlineData("metric>=0.5", null, false)]
    public void A_bound_is_compared_with_the_best_value(string goal, double? best, bool reached) =>
        Assert.Equal(reached, WaitGoal.Parse(goal, "loss").IsReached(Status(SweepState.Running, 1, best)));

    [Theory]
    [InlineData("soon")]
    [InlineData("accuracy>=0.5")]
    [InlineData("loss>=half")]
    [InlineData(">=0.5")]
    [InlineData("loss>=NaN")]
    public void Anything_else_is_refused(string goal) => Assert.Throws<FormatException>(() => WaitGoal.Parse(goal, "loss"));

    private static SweepStatus Status(SweepState state, int running, double? best) => new()
    {
        Sweep = SweepId.Parse("tcn-7f3k"),
        State = state,
        Metric = "loss",
        Counts = ImmutableSortedDictionary<TrialState, int>.Empty.Add(TrialState.Queued, 3).Add(TrialState.Leased, 1).Add(TrialState.Running, running),
        Best = new TrialSummary(1, best, 1, ParameterSet.Empty, 1),
    };
}
