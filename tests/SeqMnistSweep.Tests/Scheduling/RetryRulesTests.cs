using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class RetryRulesTests
{
    private static readonly RetryPolicy Policy = new() { Max = 2, Backoff = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData(FailureCause.Crashed, 0, "cpu", RetryDecision.AfterBackoff)]
    [InlineData(FailureCause.Crashed, 1, "cpu", RetryDecision.AfterBackoff)]
    [InlineData(FailureCause.Crashed, 2, "cpu", RetryDecision.None)]
    [InlineData(FailureCause.Invalid, 0, "cpu", RetryDecision.None)]
    [InlineData(FailureCause.OutOfMemory, 0, "cpu", RetryDecision.AfterBackoff)]
    [InlineData(FailureCause.OutOfMemory, 2, "cuda:0", RetryDecision.Alone)]
    internal void A_failure_is_tried_again_as_often_as_its_policy_says(FailureCause cause, int failures, string device, RetryDecision decision) =>
        Assert.Equal(decision, RetryRules.Decide(Trial(failures, device), cause, Policy, sweepEnds: false, wouldFailAgain: false));

    [Fact]
    public void Alone_on_its_device_a_trial_runs_out_of_its_own_memory() => Assert.Equal(
        RetryDecision.None, RetryRules.Decide(Trial(2, "cuda:0") with { Alone = true }, FailureCause.OutOfMemory, Policy, sweepEnds: false, wouldFailAgain: false));

    [Fact]
    public void Nothing_is_tried_again_when_the_sweep_ends() =>
        Assert.Equal(RetryDecision.None, RetryRules.Decide(Trial(0, "cuda:0"), FailureCause.OutOfMemory, Policy, sweepEnds: true, wouldFailAgain: false));

    [Fact]
    public void A_backoff_doubles_up_to_a_thousandfold() => Assert.Equal(
        [1, 2, 4, 1024, 1024], new[] { 1, 2, 3, 11, 99 }.Select(failures => (int)RetryRules.BackoffAfter(Trial(failures, "cpu"), Policy).TotalSeconds));

    private static TrialRecord Trial(int failures, string device) => new()
    {
        Number = 1,
        Configuration = 1,
        Parameters = ParameterSet.Empty,
        Seed = 1,
        Created = ScheduleRig.Start,
        Failures = failures,
        Device = device,
        AttemptStarted = ScheduleRig.Start,
    };

    [Theory]
    [InlineData(9, 0, 0, false, false, true)]
    [InlineData(10, 0, 0, false, false, false)]
    [InlineData(9, 1, 0, false, false, false)]
    [InlineData(9, 0, 0, true, false, false)]
    [InlineData(9, 0, 0, false, true, false)]
    [InlineData(9, 0, 1, false, true, true)]
    internal void What_crashes_within_seconds_before_a_report_is_tried_once_more_on_another_worker_at_most_unless_the_file_says_how_often(
        int seconds, int epochs, int failures, bool isGiven, bool hasOthers, bool expected)
    {
        var trial = Trial(failures, "cpu") with { FurthestEpoch = epochs };
        var policy = Policy with { IsGiven = isGiven };
        Assert.Equal(
            expected, RetryRules.WouldFailAgain(trial, FailureCause.Crashed, policy, ScheduleRig.Start.AddSeconds(seconds), hasOthers));
        Assert.False(RetryRules.WouldFailAgain(
            trial with { KillsInARow = 1 }, FailureCause.Crashed, policy, ScheduleRig.Start.AddSeconds(seconds), hasOthers));
    }
}
