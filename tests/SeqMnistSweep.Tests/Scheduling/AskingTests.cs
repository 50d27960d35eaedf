using System.Collections.Immutable;
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
        Assert.Equal((false, Verdict.Continue), (answer.IsFenced, answer.Verdict));
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

        // A report that was taken in before is answered again.
        Assert.False(rig.Schedule.Tell(1, grant.Lease, 3, Value(0.5), null, rig.Now).IsFenced);
        Assert.True(rig.Schedule.Tell(9, 1, null, null, null, rig.Now).IsFenced);
    }

    private static ImmutableSortedDictionary<string, double> Value(double value) => ImmutableSortedDictionary<string, double>.Empty.Add("value", value);
}
