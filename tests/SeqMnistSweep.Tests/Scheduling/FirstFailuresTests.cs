using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class FirstFailuresTests
{
    private static readonly LeaseHolder Other = new("w2", "silo-2", "cpu");

    public static TheoryData<string> Pruners => ["none", "promotion", "stopping", "median", "hyperband", "patience"];

    [Theory]
    [MemberData(nameof(Pruners))]
    public void Trials_that_end_without_the_sweeps_metric_have_failed_and_after_a_few_the_sweep_has_too(string pruner)
    {
        var rig = new ScheduleRig(configurations: 12, epochs: 9, with: definition => Pruned(definition, pruner) with { Retry = new RetryPolicy() });
        while (!rig.Row.State.IsFinal())
        {
            var grant = rig.Running();
            for (var epoch = 1; epoch <= 9; epoch++)
            {
                Assert.Equal(Verdict.Continue, Report(rig, grant, epoch, ("train_loss", 0.1), ("valu", 0.2)).Verdict);
            }

            rig.Tell(grant, new AttemptEvent.Completed(null, null));
            Assert.Equal((TrialState.Failed, FailureCause.NoMetric), (rig.Rows[grant.Trial.Number].State, rig.Rows[grant.Trial.Number].Cause!.Value));
        }

        Assert.Equal("it reported train_loss, valu; the sweep ranks on value; did you mean valu?", rig.Rows[1].Message);
        Assert.Equal((3, SweepState.Failed, SweepCause.NoMetric), (rig.Rows.Count, rig.Row.State, rig.Row.Cause!.Value));
        Assert.Contains("did you mean valu?", rig.Row.Reason);
    }

    [Fact]
    public void Where_nobody_says_what_is_ranked_on_a_trial_may_end_without()
    {
        var rig = new ScheduleRig(configurations: 1, with: definition => definition with { MetricIsAssumed = true });
        rig.Tell(rig.Running(), new AttemptEvent.Completed(null, null));
        Assert.Equal(TrialState.Completed, rig.Rows[1].State);
    }

    [Fact]
    public void A_program_that_says_nothing_has_failed()
    {
        var rig = new ScheduleRig(configurations: 1);
        rig.Tell(rig.Running(), new AttemptEvent.Completed(null, null));
        Assert.Equal((TrialState.Failed, FailureCause.NoMetric, 1), (rig.Rows[1].State, rig.Rows[1].Cause!.Value, rig.Rows[1].Attempts));
        Assert.Equal("it reported no epoch; the sweep ranks on value", rig.Rows[1].Message);
    }

    [Fact]
    public void Of_several_metrics_none_may_be_missing()
    {
        var metrics = SweepFile.Parse("{program: train.py, method: nsga2, run_cap: 9, metrics: [{name: value, goal: maximize}, {name: size}], parameters: {x: {min: 0.0, max: 1.0}}}", "m.yaml").Definition!.Metrics;
        var rig = new ScheduleRig(with: definition => definition with { Metrics = metrics });
        var (first, second) = (rig.Running(), rig.Running());
        rig.Report(first, 1, 0.5);
        rig.Tell(first, new AttemptEvent.Completed(null, null));
        Report(rig, second, 1, ("value", 0.5));
        Report(rig, second, 2, ("size", double.NaN));
        rig.Tell(second, new AttemptEvent.Completed(null, null));

        Assert.Equal("it reported value; the sweep ranks on size", rig.Rows[1].Message);
        Assert.Equal(TrialState.Completed, rig.Rows[2].State);
    }

    [Fact]
    public void A_metric_that_one_trial_has_shown_is_no_mistake_of_the_file()
    {
        var rig = new ScheduleRig(configurations: 9);
        rig.Complete(rig.Running());
        while (rig.Grant() is { } grant)
        {
            rig.Tell(grant, new AttemptEvent.Completed(null, null));
        }

        Assert.Equal((9, SweepState.Completed), (rig.Rows.Count, rig.Row.State));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(2, 3)]
    public void A_sweep_ends_when_its_first_configurations_all_fail_at_their_start(int? max, int attempts)
    {
        var rig = new ScheduleRig(configurations: 400, with: definition => definition with
        {
            Program = "train.py",
            Retry = new RetryPolicy { Max = max ?? 2, IsGiven = max is not null },
        });
        var starts = 0;
        while (!rig.Row.State.IsFinal())
        {
            if (rig.Grant() is { } grant)
            {
                starts++;
                rig.Tell(grant, new AttemptEvent.Started("cpu"));
                rig.Now += TimeSpan.FromSeconds(2);
                rig.Tell(grant, new AttemptEvent.Failed(FailureCause.Crashed, $"exited with code {starts}"));
            }

            rig.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal((SweepState.Failed, SweepCause.FailedAlike), (rig.Row.State, rig.Row.Cause!.Value));
        Assert.InRange(starts, 3 * attempts, 5 * attempts);
        Assert.StartsWith("the first 3 configurations all failed within seconds, before a report: crashed", rig.Row.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("later")]
    [InlineData("reported")]
    [InlineData("otherwise")]
    [InlineData("max_failures")]
    [InlineData("another worker")]
    [InlineData("one configuration")]
    public void A_sweep_goes_on_where_its_first_failures_are_not_all_alike_or_the_file_allows_them(string what)
    {
        var rig = new ScheduleRig(
            configurations: what == "one configuration" ? 2 : 6,
            with: definition => definition with
            {
                Retry = new RetryPolicy { Max = 0 },
                Limits = what == "max_failures" ? new SweepLimits(MaxFailures: 6) : new SweepLimits(),
                Seeds = new SeedPlan(what == "one configuration" ? 4 : 1, 1),
            });
        if (what == "another worker")
        {
            var worker = rig.Worker;
            rig.Worker = Other;
            rig.Running();
            rig.Worker = worker;
        }

        for (var failure = 0; failure < 4; failure++)
        {
            var grant = rig.Running();
            if (what == "reported" && failure == 0)
            {
                rig.Report(grant, 1, 0.5);
            }

            rig.Now += TimeSpan.FromSeconds(what == "later" ? 60 : 1);
            rig.Tell(grant, new AttemptEvent.Failed(what == "otherwise" && failure == 0 ? FailureCause.Diverged : FailureCause.Crashed, "no"));
        }

        Assert.Equal(SweepState.Running, rig.Row.State);
    }

    private static Answer Report(ScheduleRig rig, TrialGrant grant, int epoch, params (string Name, double Value)[] metrics) =>
        rig.Tell(grant, new AttemptEvent.Reported(new EpochReport(epoch, metrics.ToImmutableSortedDictionary(metric => metric.Name, metric => metric.Value)), null));

    internal static SweepDefinition Pruned(SweepDefinition definition, string pruner)
    {
        var settings = pruner switch
        {
            "none" => null,
            "promotion" or "stopping" => $"{{type: asha, min_epochs: 1, eta: 3, mode: {pruner}}}",
            "hyperband" => "{type: hyperband, min_iter: 1, eta: 3}",
            "median" => "{type: median, startup: 1}",
            _ => "{type: patience, patience: 2}",
        };
        return settings is null ? definition : definition with
        {
            EarlyTerminate = SweepFile.Parse($"{{program: noop, method: grid, metric: {{name: value, goal: maximize}}, early_terminate: {settings}, parameters: {{x: {{values: [1]}}}}}}", "p.yaml").Definition!.EarlyTerminate,
        };
    }
}
