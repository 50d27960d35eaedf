using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class ConfirmationTests
{
    [Fact]
    public void The_best_run_again_under_seeds_that_the_search_did_not_use()
    {
        var rig = Rig(configurations: 4);
        Search(rig, 0.1, 0.9, 0.5, 0.8);
        Assert.Equal(
            "2:1001111 2:1001112 4:1001111 4:1001112",
            string.Join(' ', Confirming(rig).Select(trial => $"{trial.Configuration}:{trial.Seed}")));
        Assert.All(Confirming(rig), trial => Assert.Equal(rig.Rows[trial.Configuration].Parameters, trial.Parameters));
        Assert.Equal(SweepState.Running, rig.Row.State);
        RunAll(rig, _ => 0.7);
        Assert.Equal((SweepState.Completed, SweepCause.Finished, 8), (rig.Row.State, rig.Row.Cause, rig.Rows.Count));
        Assert.Contains(rig.Events, happened => happened.Reason.StartsWith("the search has ended: the best are confirmed by 4 trials", StringComparison.Ordinal));
    }

    [Fact]
    public void A_head_that_comes_back_at_any_moment_goes_on_and_makes_nothing_twice()
    {
        var rig = Rig(configurations: 3);
        while (rig.Grant() is { } grant)
        {
            rig.Rebuild();
            rig.Tell(grant, new AttemptEvent.Started("cpu"));
            rig.Rebuild();
            rig.Report(grant, 1, grant.Trial.Number);
            rig.Rebuild();
            rig.Complete(grant);
            rig.Rebuild();
        }

        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Equal(7, rig.Rows.Count);
        Assert.Equal(4, Confirming(rig).Select(trial => (trial.Configuration, trial.Seed)).Distinct().Count());
    }

    [Fact]
    public void A_confirming_trial_meets_no_pruner()
    {
        var rig = Rig(configurations: 6, definition => definition with
        {
            EarlyTerminate = new EarlyTermination("asha", new ParameterSet(
            [
                KeyValuePair.Create("eta", ParameterValue.Of(2L)), KeyValuePair.Create("min_epochs", ParameterValue.Of(1L)),
                KeyValuePair.Create("mode", ParameterValue.Of("stopping")), KeyValuePair.Create("brackets", ParameterValue.Of(1L)),
            ])),
        });
        while (Confirming(rig).Count == 0)
        {
            var grant = rig.Running();
            for (var epoch = 1; epoch <= 3 && rig.Rows[grant.Trial.Number].State == TrialState.Running; epoch++)
            {
                rig.Report(grant, epoch, -grant.Trial.Number);
            }

            if (rig.Rows[grant.Trial.Number].State == TrialState.Running)
            {
                rig.Complete(grant);
            }
        }

        Assert.Contains(rig.Rows.Values, trial => trial.State == TrialState.Pruned);
        while (rig.Grant() is { } grant)
        {
            Assert.Empty(grant.Rungs);
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                Assert.Equal(Verdict.Continue, rig.Report(grant, epoch, -1000).Verdict);
            }

            rig.Complete(grant);
        }

        Assert.All(Confirming(rig), trial => Assert.Equal((TrialState.Completed, 3), (trial.State, trial.Epoch)));
    }

    [Fact]
    public void A_search_that_reaches_its_target_is_confirmed_and_says_so_in_the_end()
    {
        var rig = Rig(configurations: 9, definition => definition with { Metric = definition.Metric with { Target = 0.8 }, Metrics = [definition.Metric with { Target = 0.8 }] });
        Search(rig, 0.1, 0.9);
        Assert.Equal(4, Confirming(rig).Count);
        rig.Rebuild();
        RunAll(rig, _ => 0.2);
        Assert.Equal((SweepState.Completed, SweepCause.Target, 6), (rig.Row.State, rig.Row.Cause, rig.Rows.Count));
        Assert.Equal("target 0.8 reached by trial 2: value 0.9", rig.Row.Reason);
    }

    [Fact]
    public void A_sweep_that_somebody_stopped_is_confirmed_when_it_is_asked_for_and_its_search_stays_where_it_was()
    {
        var rig = Rig(configurations: 9, definition => definition with { Confirm = null });
        foreach (var value in new[] { 0.1, 0.9, 0.5 })
        {
            RunOne(rig, value);
        }

        rig.Do(schedule => schedule.Stop("ada", "enough", rig.Now));
        Assert.Equal(SweepState.Stopped, rig.Row.State);
        var reply = (Extended: false, Planned: (long?)null);
        rig.Do(schedule => reply = schedule.Change(
            null, new SweepEdits { ConfirmTop = 1, ConfirmSeeds = 3 }, ImmutableSortedDictionary<string, string>.Empty, "ada", "sure?", rig.Now));
        Assert.True(reply.Extended);
        rig.Rebuild();
        RunAll(rig, _ => 0.4);
        Assert.Equal((SweepState.Completed, 6), (rig.Row.State, rig.Rows.Count));
        Assert.All(Confirming(rig), trial => Assert.Equal(2, trial.Configuration));

        var refused = Assert.Throws<SweepRefusedException>(() => rig.Schedule.Change(
            null, new SweepEdits { ConfirmTop = 1, ConfirmSeeds = 3 }, ImmutableSortedDictionary<string, string>.Empty, "ada", "again", rig.Now));
        Assert.Equal("nothing would be added: the best 1 have run under 3 fresh seeds already", refused.Message);
    }

    [Fact]
    public void A_confirmation_that_was_stopped_is_made_whole_and_no_more()
    {
        var rig = Rig(configurations: 3);
        Search(rig, 0.1, 0.9, 0.5);
        RunOne(rig, 0.8);
        rig.Do(schedule => schedule.Stop("ada", "lunch", rig.Now));
        Assert.Equal(SweepState.Stopped, rig.Row.State);
        rig.Do(schedule => schedule.Change(
            null, new SweepEdits { ConfirmTop = 2, ConfirmSeeds = 2 }, ImmutableSortedDictionary<string, string>.Empty, "ada", "go on", rig.Now));
        RunAll(rig, _ => 0.8);
        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Equal(4, Confirming(rig).Count(trial => trial.State == TrialState.Completed));
        Assert.Equal(3, Confirming(rig).Count(trial => trial.State == TrialState.Cancelled));
    }

    [Fact]
    public void A_confirming_trial_that_fails_is_not_made_again_and_again()
    {
        var rig = Rig(configurations: 2, definition => definition with { Retry = new RetryPolicy { Max = 0 } });
        Search(rig, 0.1, 0.9);
        while (rig.Grant() is { } grant)
        {
            rig.Tell(grant, new AttemptEvent.Started("cpu"));
            rig.Tell(grant, new AttemptEvent.Failed(FailureCause.Diverged, "nan"));
        }

        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Equal(6, rig.Rows.Count);
    }

    [Fact]
    public void A_larger_search_is_confirmed_anew_where_its_best_are_others()
    {
        var rig = Rig(configurations: 2, definition => definition with { Confirm = new ConfirmPlan(1, 2) });
        Search(rig, 0.1, 0.9);
        RunAll(rig, _ => 0.5);
        Assert.Equal(SweepState.Completed, rig.Row.State);
        rig.Do(schedule => schedule.Enqueue(rig.Rows[1].Parameters.With("x", ParameterValue.Of(7L)), "ada", "a hunch", rig.Now));
        RunOne(rig, 0.95);
        RunAll(rig, _ => 0.6);
        Assert.Equal("2 2 3 3", string.Join(' ', Confirming(rig).Select(trial => trial.Configuration)));
        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Theory]
    [InlineData(2, 1, 12.7062)]
    [InlineData(3, 1, 4.3027)]
    [InlineData(5, 1, 2.7764)]
    [InlineData(31, 1, 2.0423)]
    [InlineData(5, 5, 4.6041)]
    [InlineData(11, 10, 3.5814)]
    public void The_interval_is_students_t_for_as_many_as_are_compared(int count, int compared, double quantile) =>
        Assert.Equal(quantile, ConfirmedValue.HalfWidth(count, compared) * Math.Sqrt(count), 4);

    [Fact]
    public void Of_200_noisy_sweeps_the_winners_interval_covers_its_true_value_in_90_percent_where_the_searched_value_is_too_good()
    {
        var (covered, tooGood) = (0, 0);
        for (var sweep = 0; sweep < 200; sweep++)
        {
            var random = new Random(sweep);
            double[] truth = [.. Enumerable.Range(0, 20).Select(_ => 0.5 * Normal(random))];
            var rig = Rig(configurations: truth.Length, definition => definition with { Confirm = new ConfirmPlan() });
            var searched = new Dictionary<int, double>();
            while (rig.Grant() is { } grant)
            {
                var trial = rig.Rows[grant.Trial.Number];
                var value = truth[trial.Configuration - 1] + Normal(random);
                searched.TryAdd(trial.Configuration, value);
                rig.Report(grant, 1, value);
                rig.Complete(grant);
            }

            var winner = Confirming(rig).GroupBy(trial => trial.Configuration)
                .Select(trials => (Configuration: trials.Key, Value: ConfirmedValue.Of([.. trials.Select(trial => trial.Value!.Value)], compared: 5)))
                .MaxBy(confirmed => confirmed.Value.Mean);
            var real = truth[winner.Configuration - 1];
            covered += winner.Value.Low <= real && real <= winner.Value.High ? 1 : 0;
            tooGood += searched[winner.Configuration] > real ? 1 : 0;
        }

        Assert.InRange(covered, 180, 200);
        Assert.InRange(tooGood, 150, 200);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static ScheduleRig Rig(int configurations, Func<SweepDefinition, SweepDefinition>? with = null) => new(
        configurations, definition => with is null ? definition with { Confirm = new ConfirmPlan(2, 2) } : with(definition with { Confirm = new ConfirmPlan(2, 2) }));

    private static List<TrialRecord> Confirming(ScheduleRig rig) =>
        [.. rig.Rows.Values.Where(trial => trial.Purpose == TrialPurpose.Confirmation).OrderBy(trial => trial.Number)];

    private static void Search(ScheduleRig rig, params double[] values)
    {
        foreach (var value in values)
        {
            Assert.Empty(Confirming(rig));
            RunOne(rig, value);
        }
    }

    private static void RunAll(ScheduleRig rig, Func<TrialGrant, double> value)
    {
        while (rig.Grant() is { } grant)
        {
            rig.Report(grant, 1, value(grant));
            rig.Complete(grant);
        }
    }

    private static void RunOne(ScheduleRig rig, double value)
    {
        var grant = rig.Running();
        rig.Report(grant, 1, value);
        rig.Complete(grant);
    }
}
