using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Metrics that no program reports.</summary>
public sealed class DerivedMetricsTests
{
    private static readonly LeaseHolder Ada = new ExternalClient("ada@lab", "k:1", TimeSpan.FromHours(1)).ToHolder();

    [Fact]
    public void Reports_have_what_the_sweep_names_as_it_was_then()
    {
        var rig = Sweep("value", "parameters", "seconds", "epochs");
        var grant = rig.Running();
        Describe(rig, grant, 4_321);
        rig.Now += TimeSpan.FromSeconds(10);
        rig.Report(grant, 1, 0.5);
        rig.Now += TimeSpan.FromSeconds(5);
        rig.Report(grant, 2, 0.4);
        Assert.Equal(
            ["epochs=1 parameters=4321 seconds=10 value=0.5", "epochs=2 parameters=4321 seconds=15 value=0.4"],
            rig.Reports.Select(known => Text(known.Report)));
        Assert.Equal((0.5, 1), (rig.Rows[1].Value, rig.Rows[1].ValueEpoch));
    }

    [Fact]
    public void A_sweep_that_names_none_has_none()
    {
        var rig = Sweep("value");
        rig.Report(rig.Running(), 1, 0.5);
        Assert.Equal("value=0.5", Text(rig.Reports.Single().Report));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Seconds_are_those_of_all_attempts_together_and_not_of_the_wait_between(bool restarts)
    {
        var rig = Sweep("value", "seconds");
        var first = rig.Running();
        rig.Now += TimeSpan.FromSeconds(30);
        rig.Report(first, 1, 0.5, "aa");
        rig.Now += TimeSpan.FromSeconds(10);
        rig.Tell(first, new AttemptEvent.Released("the worker drains"));
        rig.Now += TimeSpan.FromHours(1);
        if (restarts)
        {
            rig.Rebuild();
        }

        var second = rig.Running();
        rig.Now += TimeSpan.FromSeconds(7);
        rig.Report(second, 2, 0.6, "bb");
        Assert.Equal([30.0, 47.0], rig.Reports.Select(known => known.Report["seconds"]!.Value));
        rig.Complete(second);
        Assert.Equal(47, rig.Rows[1].RunSeconds);
    }

    [Fact]
    public void A_report_that_was_long_on_its_way_tells_of_the_time_when_it_was_made()
    {
        var rig = Sweep("value", "seconds");
        var grant = rig.Running();
        rig.Now += TimeSpan.FromMinutes(10);
        foreach (var (epoch, seconds) in new[] { (1, 3.0), (2, 6.5), (3, double.NaN) })
        {
            rig.Tell(grant, new AttemptEvent.Reported(new EpochReport(epoch, Metrics(("value", 0.5))), null) { Seconds = seconds });
        }

        Assert.Equal([3, 6.5, 600], rig.Reports.Select(known => known.Report["seconds"]!.Value));
    }

    [Fact]
    public void A_client_has_the_trial_from_the_moment_it_was_given()
    {
        var rig = Sweep("value", "seconds", "epochs");
        rig.Worker = Ada;
        var grant = rig.Grant()!;
        rig.Now += TimeSpan.FromSeconds(12);
        rig.Do(schedule => schedule.Tell(1, grant.Lease, null, Metrics(("value", 0.5)), new AttemptEvent.Completed(null, null), rig.Now));
        Assert.Equal("epochs=1 seconds=12 value=0.5", Text(rig.Reports.Single().Report));
        Assert.Equal((TrialState.Completed, 12.0), (rig.Rows[1].State, rig.Rows[1].RunSeconds));
    }

    [Fact]
    public void What_the_program_tells_of_that_name_stands()
    {
        var rig = Sweep("value", "seconds", "epochs");
        var grant = rig.Running();
        rig.Now += TimeSpan.FromSeconds(9);
        Tell(rig, grant, 1, ("value", 0.5), ("seconds", 1.5));
        Tell(rig, grant, 1, ("epochs", 7));
        Assert.Equal("epochs=7 seconds=1.5 value=0.5", Text(rig.Reports.Single().Report));
        Assert.DoesNotContain(rig.Events, happened => happened.What is Occurrence.ReportMismatch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ranked_on_first_the_last_report_counts_also_after_a_restart(bool restarts)
    {
        var rig = Sweep("seconds", "value");
        var grant = rig.Running();
        foreach (var epoch in new[] { 1, 2, 3 })
        {
            rig.Now += TimeSpan.FromSeconds(4);
            rig.Report(grant, epoch, 0.5 / epoch);
            if (restarts)
            {
                rig.Rebuild();
            }
        }

        rig.Complete(grant);
        Assert.Equal((12.0, 3), (rig.Rows[1].Value, rig.Rows[1].ValueEpoch));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_target_is_reached_by_what_a_trial_has_at_its_end(bool restarts)
    {
        var goal = new MetricGoal("seconds", false, Target: 10);
        var rig = new ScheduleRig(5, definition => definition with { Program = "train.py", Metrics = [goal], Metric = goal, MetricIsAssumed = false });
        foreach (var seconds in new[] { 12, 9 })
        {
            Assert.Equal(SweepState.Running, rig.Running() is var grant ? rig.Schedule.Sweep.State : default);
            rig.Now += TimeSpan.FromSeconds(1);
            rig.Report(grant, 1, 0.5);
            Assert.Equal(SweepState.Running, rig.Schedule.Sweep.State);
            if (restarts)
            {
                rig.Rebuild();
            }

            rig.Now += TimeSpan.FromSeconds(seconds - 1);
            rig.Report(grant, 2, 0.4);
            rig.Complete(grant);
        }

        Assert.Equal((SweepState.Completed, SweepCause.Target), (rig.Schedule.Sweep.State, rig.Schedule.Sweep.Cause));
        Assert.Equal("target 10 reached by trial 2: seconds 9", rig.Schedule.Sweep.Reason);
    }

    [Fact]
    public void A_search_is_told_the_last_of_its_curve_and_not_the_lowest()
    {
        ImmutableArray<double>[] curves = [[4, 8, 12], [0.9, 0.5, 0.6]];
        var seen = Observation.Of(1, ParameterSet.Empty, [(TrialState.Running, [], [.. curves.Select(curve => (IReadOnlyList<double>)curve)])], lastCounts: true);
        Assert.Equal((12.0, 8.0), (seen.Loss!.Value, seen.Before(2, ObservationState.Paused).Loss!.Value));
        Assert.Equal([8, 0.5], seen.LossesWithin(2)!);
        Assert.Equal(-12, new LearningCurve(1, TrialState.Running, [-4, -8, -12]) { LastCounts = true }.Best);
    }

    [Fact]
    public void What_a_trial_tells_of_itself_late_is_in_the_reports_before_as_well()
    {
        var rig = Sweep("value", "parameters");
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5);
        Describe(rig, grant, 99);
        rig.Report(grant, 2, 0.4);
        Assert.Equal(["parameters=99 value=0.5", "parameters=99 value=0.4"], rig.Reports.Select(known => Text(known.Report)));
        rig.Complete(grant);
        Assert.Equal(TrialState.Completed, rig.Rows[1].State);
    }

    [Fact]
    public void Who_never_tells_its_parameters_has_no_metric()
    {
        var rig = Sweep("value", "parameters");
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5);
        rig.Complete(grant);
        Assert.Equal((TrialState.Failed, FailureCause.NoMetric), (rig.Rows[1].State, rig.Rows[1].Cause));
        Assert.Contains("the sweep ranks on parameters", rig.Rows[1].Message);
    }

    [Fact]
    public void A_program_that_reports_nothing_can_be_ranked_on_its_time()
    {
        var rig = Sweep("seconds");
        var grant = rig.Running();
        rig.Now += TimeSpan.FromSeconds(42);
        rig.Tell(grant, new AttemptEvent.Completed(null, null));
        Assert.Equal((TrialState.Completed, 42.0, 1), (rig.Rows[1].State, rig.Rows[1].Value, rig.Rows[1].ValueEpoch));
        Assert.Equal("seconds=42", Text(rig.Reports.Single().Report));
    }

    private static ScheduleRig Sweep(params string[] names)
    {
        ImmutableArray<MetricGoal> goals = [.. names.Select(name => new MetricGoal(name, name == "value"))];
        return new ScheduleRig(2, definition => definition with { Program = "train.py", Metrics = goals, Metric = goals[0], MetricIsAssumed = false });
    }

    private static void Describe(ScheduleRig rig, TrialGrant grant, int parameters) => rig.Tell(grant, new AttemptEvent.Described(
        ImmutableSortedDictionary<string, string>.Empty.Add("parameters", $"{parameters}")));

    private static void Tell(ScheduleRig rig, TrialGrant grant, int epoch, params (string Name, double Value)[] metrics) =>
        rig.Tell(grant, new AttemptEvent.Reported(new EpochReport(epoch, Metrics(metrics)), null));

    private static ImmutableSortedDictionary<string, double> Metrics(params (string Name, double Value)[] metrics) =>
        metrics.ToImmutableSortedDictionary(metric => metric.Name, metric => metric.Value, StringComparer.Ordinal);

    private static string Text(EpochReport report) => FormattableString.Invariant($"{string.Join(' ', report.Metrics.Select(metric => FormattableString.Invariant($"{metric.Key}={metric.Value}")))}");
}
