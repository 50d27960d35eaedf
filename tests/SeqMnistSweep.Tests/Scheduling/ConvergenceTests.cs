using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class ConvergenceTests
{
    [Fact]
    public void Who_no_longer_becomes_better_is_completed_with_the_reason_and_its_best_value_ranks()
    {
        var rig = Rig(2);
        var fast = rig.Running();
        foreach (var (epoch, value) in new[] { (1, 0.5), (2, 0.8), (3, 0.9), (4, 0.99), (5, 0.98) })
        {
            Assert.Equal(Verdict.Continue, rig.Report(fast, epoch, value).Verdict);
        }

        Assert.Equal(Verdict.Stop, rig.Report(fast, 6, 0.97).Verdict);
        Assert.Equal((TrialState.Completed, TransitionCause.Converged, 0.99), (rig.Rows[1].State, rig.Rows[1].StateCause!.Value, rig.Rows[1].Value!.Value));
        Assert.Contains(rig.Events, told => told.Reason == "patience: no better since epoch 4");

        // What it says later, and again, changes nothing.
        Assert.Equal(Verdict.Stop, rig.Report(fast, 6, 0.97).Verdict);
        rig.Tell(fast, new AttemptEvent.Stopped());
        Assert.Equal(TrialState.Completed, rig.Rows[1].State);
    }

    [Fact]
    public void A_sweep_whose_every_trial_converges_is_completed()
    {
        var rig = Rig(3);
        while (rig.Grant() is { } grant)
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                rig.Report(grant, epoch, 0.5);
            }
        }

        Assert.Equal((SweepState.Completed, SweepCause.Finished), (rig.Row.State, rig.Row.Cause!.Value));
        Assert.All(rig.Rows.Values, trial => Assert.Equal(TransitionCause.Converged, trial.StateCause));
    }

    [Fact]
    public void A_report_without_the_metric_shows_nothing_of_convergence()
    {
        var rig = Rig(1);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5);
        foreach (var epoch in Enumerable.Range(2, 8))
        {
            Assert.Equal(Verdict.Continue, rig.Tell(grant, new AttemptEvent.Reported(new EpochReport(epoch, System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty), null)).Verdict);
        }

        Assert.Equal(Verdict.Continue, rig.Report(grant, 10, 0.6).Verdict);
        Assert.Equal(Verdict.Stop, rig.Report(grant, 12, 0.6).Verdict);
    }

    private static ScheduleRig Rig(int configurations) =>
        new(configurations, definition => FirstFailuresTests.Pruned(definition, "patience"), epochs: 20);
}
