using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class AskingTests
{
    private static readonly LeaseHolder Ada = new ExternalClient("ada@lab", "k:1", TimeSpan.FromHours(1)).ToHolder();

    [Fact]
    public void The_lease_of_a_client_lives_as_long_as_it_said_also_after_a_restart()
    {
        var rig = new ScheduleRig(1) { Worker = Ada };
        rig.Grant();
        rig.Rebuild();
        Assert.Equal(Ada, rig.Schedule.ActiveAt(Ada.Incarnation).Single().Holder);
        Assert.Equal(TimeSpan.FromHours(1), Ada.LeaseLife);
    }

    [Fact]
    public void A_report_and_the_end_are_one_decision()
    {
        var rig = new ScheduleRig(2);
        var grant = rig.Schedule.Grant(Ada, rig.Now)!;
        var answer = rig.Schedule.Tell(1, grant.Lease, null, Value(0.5), new AttemptEvent.Completed(null, 0.9), rig.Now);
        Assert.Equal((false, Verdict.Stop), (answer.IsFenced, answer.Verdict));
        var trial = rig.Schedule.Trials[1];
        Assert.Equal((TrialState.Completed, 0.5, 1, 0.9), (trial.State, trial.Value, trial.ValueEpoch, trial.TestAccuracy));
        Assert.False(rig.Schedule.Tell(1, grant.Lease, null, Value(0.4), new AttemptEvent.Completed(null, 0.9), rig.Now).IsFenced);
        Assert.Equal(0.5, rig.Schedule.Trials[1].Value);
    }

    [Fact]
    public void After_the_lease_was_lost_nothing_is_taken_in()
    {
        var rig = new ScheduleRig(2);
        var grant = rig.Schedule.Grant(Ada, rig.Now)!;
        Assert.False(rig.Schedule.Tell(1, grant.Lease, 3, Value(0.5), null, rig.Now).IsFenced);
        rig.Schedule.Lose(1, grant.Lease, LeaseLoss.WorkerLost, rig.Now);
        Assert.True(rig.Schedule.Tell(1, grant.Lease, 4, Value(0.1), null, rig.Now).IsFenced);
        Assert.True(rig.Schedule.Tell(1, grant.Lease, null, null, null, rig.Now).IsFenced);
        Assert.True(rig.Schedule.Tell(1, grant.Lease, null, Value(0.1), new AttemptEvent.Completed(null, null), rig.Now).IsFenced);
        Assert.True(rig.Schedule.Tell(1, grant.Lease, null, null, new AttemptEvent.Failed(FailureCause.Crashed, "no"), rig.Now).IsFenced);

        // A report that was taken in before is answered again, but not with leave to go on.
        Assert.Equal((false, Verdict.Stop), rig.Schedule.Tell(1, grant.Lease, 3, Value(0.5), null, rig.Now) is var again ? (again.IsFenced, again.Verdict!.Value) : default);
        Assert.True(rig.Schedule.Tell(9, 1, null, null, null, rig.Now).IsFenced);
    }

    [Theory]
    [InlineData(0, "epochs count from 1")]
    [InlineData(-2, "epochs count from 1")]
    [InlineData(4, "the trial has 3 epochs")]
    [InlineData(int.MaxValue, "no trial has more than 100000 epochs")]
    public void A_report_that_cannot_be_is_refused_and_nothing_changes(int epoch, string accepted)
    {
        var rig = new ScheduleRig(1) { Worker = Ada };
        var grant = rig.Grant()!;
        var refused = Assert.Throws<ReportRefusedException>(() => rig.Schedule.Tell(1, grant.Lease, epoch, Value(0.5), new AttemptEvent.Completed(null, null), rig.Now));
        Assert.Contains($"epoch {epoch} was reported: {accepted}", refused.Message, StringComparison.Ordinal);
        Assert.False(rig.Schedule.HasChanges);
        Assert.Equal((TrialState.Leased, 0), (rig.Schedule.Trials[1].State, rig.Schedule.Trials[1].Failures));
        Assert.Equal(Verdict.Continue, rig.Schedule.Tell(1, grant.Lease, 1, Value(0.5), null, rig.Now).Verdict);
    }

    [Fact]
    public void An_earlier_epoch_may_be_told_again_word_for_word_and_the_last_one_may_have_more_metrics()
    {
        var rig = new ScheduleRig(1) { Worker = Ada };
        var grant = rig.Grant()!;
        rig.Schedule.Tell(1, grant.Lease, 1, Value(0.5), null, rig.Now);
        rig.Schedule.Tell(1, grant.Lease, 2, Value(0.6).Add("train", 1), null, rig.Now);
        rig.Schedule.Tell(1, grant.Lease, 2, Value(0.6).Add("val", 2), null, rig.Now);
        Assert.Equal(Verdict.Continue, rig.Schedule.Tell(1, grant.Lease, 1, Value(0.5), null, rig.Now).Verdict);
        Assert.Contains("epochs up to 2 are done, the next one is 3", Assert.Throws<ReportRefusedException>(
            () => rig.Schedule.Tell(1, grant.Lease, 1, Value(0.9), null, rig.Now)).Message, StringComparison.Ordinal);

        var last = rig.Schedule.TakeChanges().OfType<SweepChange.ReportAdded>().Last();
        Assert.Equal([("train", 1.0), ("val", 2.0), ("value", 0.6)], last.Report.Metrics.Select(metric => (metric.Key, metric.Value)));
    }

    [Fact]
    public void The_next_client_begins_anew_after_a_death_and_goes_on_after_a_trial_was_given_back()
    {
        var rig = new ScheduleRig(1) { Worker = Ada };
        var first = rig.Grant()!;
        rig.Schedule.Tell(1, first.Lease, 2, Value(0.9), null, rig.Now);
        rig.Schedule.Tell(1, first.Lease, null, null, new AttemptEvent.Released("lunch"), rig.Now);
        var second = rig.Grant()!;
        Assert.Equal(2, rig.Schedule.Trials[1].EpochsDone);
        rig.Schedule.Tell(1, second.Lease, null, Value(0.7), null, rig.Now);
        Assert.Equal((3, 0.9), (rig.Schedule.Trials[1].Epoch, rig.Schedule.Trials[1].Value));

        rig.Schedule.Lose(1, second.Lease, LeaseLoss.WorkerLost, rig.Now);
        var third = rig.Grant()!;
        Assert.Equal(0, rig.Schedule.Trials[1].EpochsDone);
        rig.Schedule.Tell(1, third.Lease, null, Value(0.1), null, rig.Now);
        Assert.Equal((1, 0.1, 1), (rig.Schedule.Trials[1].Epoch, rig.Schedule.Trials[1].Value, rig.Schedule.Trials[1].ValueEpoch));
    }

    private static ImmutableSortedDictionary<string, double> Value(double value) => ImmutableSortedDictionary<string, double>.Empty.Add("value", value);
}
