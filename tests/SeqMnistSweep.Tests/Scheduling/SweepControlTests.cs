using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>What users may ask of a sweep, and what is refused.</summary>
public sealed class SweepControlTests
{
    private const string By = "ada@lab";

    [Fact]
    public void Cancelling_the_last_trial_ends_the_sweep()
    {
        var rig = new ScheduleRig(configurations: 2);
        rig.Complete(rig.Running());
        var last = rig.Running();
        rig.Do(schedule => schedule.CancelTrial(2, By, "too slow", rig.Now));

        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Equal(TrialState.Cancelled, rig.Rows[2].State);
        Assert.Contains(rig.Events, happened => happened is { What: Occurrence.TrialMoved { Trial: 2, To: TrialState.Cancelled }, By: By, Reason: "too slow" });
        Assert.False(rig.Schedule.Holds(2, last.Lease));
        Assert.True(Refused(() => rig.Schedule.CancelTrial(2, By, "again", rig.Now)).Contains("ended already", StringComparison.Ordinal));
    }

    [Fact]
    public void A_retried_trial_goes_on_from_its_checkpoint_with_all_its_retries()
    {
        var rig = new ScheduleRig(configurations: 1, with: definition => definition with { Retry = new RetryPolicy { Max = 1, Backoff = TimeSpan.Zero } });
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var grant = rig.Running();
            rig.Report(grant, 1, 1, "first");
            rig.Tell(grant, new AttemptEvent.Failed(FailureCause.Crashed, "bang"));
        }

        Assert.Equal(SweepState.Failed, rig.Row.State);
        rig.Rebuild();
        rig.Do(schedule => Assert.Equal(1, schedule.Retry([1], null, By, "new memory", rig.Now)));
        Assert.Equal((SweepState.Running, null), (rig.Row.State, rig.Row.Finished));
        Assert.Contains(rig.Events, happened => happened is { What: Occurrence.TrialMoved { Trial: 1, Cause: TransitionCause.Retried, From: TrialState.Failed, To: TrialState.Queued }, By: By });

        var again = rig.Running();
        Assert.Equal("first", again.Resume!.Digest);
        Assert.Equal(0, rig.Rows[1].Failures);
        rig.Report(again, 1, 1);
        rig.Tell(again, new AttemptEvent.Failed(FailureCause.Crashed, "bang"));
        Assert.Equal(TrialState.Queued, rig.Rows[1].State);
        rig.Complete(rig.Running());
        Assert.Equal(SweepState.Completed, rig.Row.State);
    }

    [Fact]
    public void Only_failed_trials_can_be_retried_and_a_cancelled_sweep_cannot_go_on()
    {
        var rig = new ScheduleRig(configurations: 2);
        rig.Tell(rig.Running(), new AttemptEvent.Failed(FailureCause.Invalid, "no"));
        rig.Running();
        Assert.Contains("trial 2 is running", Refused(() => rig.Schedule.Retry([2], null, By, "x", rig.Now)), StringComparison.Ordinal);
        Assert.Contains("by timeout", Refused(() => rig.Schedule.Retry([], FailureCause.Timeout, By, "x", rig.Now)), StringComparison.Ordinal);
        rig.Do(schedule => schedule.Cancel(By, "enough", rig.Now));
        Assert.Contains("was cancelled", Refused(() => rig.Schedule.Retry([1], null, By, "x", rig.Now)), StringComparison.Ordinal);
        Assert.False(rig.Schedule.HasChanges);
    }

    [Theory]
    [InlineData("run_cap 1 is below the 2 configurations")]
    [InlineData("max_parallel must be 1 or more")]
    [InlineData("extend the sweep")]
    [InlineData("nothing is named")]
    public void Edits_that_make_no_sense_are_refused(string sentence)
    {
        var rig = new ScheduleRig(configurations: 3);
        rig.Running();
        rig.Running();
        var edits = sentence switch
        {
            ['r', ..] => new SweepEdits { RunCap = 1 },
            ['m', ..] => new SweepEdits { MaxParallel = 0 },
            ['e', ..] => new SweepEdits { Seeds = 2 },
            _ => new SweepEdits(),
        };
        Assert.Contains(sentence, Refused(() => rig.Schedule.Edit(edits, By, "x", rig.Now)), StringComparison.Ordinal);
        Assert.False(rig.Schedule.HasChanges);
    }

    [Fact]
    public void An_edit_counts_at_once_and_after_a_rebuild_and_adds_to_earlier_ones()
    {
        var rig = new ScheduleRig(configurations: 4);
        rig.Running();
        rig.Do(schedule => schedule.Edit(new SweepEdits { MaxParallel = 1 }, By, "be kind", rig.Now));
        Assert.Null(rig.Grant());
        rig.Do(schedule => schedule.Edit(new SweepEdits { Priority = 5 }, By, "urgent", rig.Now));
        rig.Rebuild();
        Assert.Null(rig.Grant());
        Assert.Equal(5, rig.Row.Priority);
        Assert.Contains(rig.Events, happened => happened is { What: Occurrence.SweepChanged, Reason: "edited: max_parallel 1: be kind" });
    }

    [Fact]
    public void A_run_cap_lowered_to_what_is_made_ends_a_sweep_with_nothing_running()
    {
        var rig = new ScheduleRig(configurations: 4);
        rig.Complete(rig.Running());
        rig.Do(schedule => schedule.Edit(new SweepEdits { RunCap = 1 }, By, "enough", rig.Now));
        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Contains("is completed", Refused(() => rig.Schedule.Edit(new SweepEdits { RunCap = 2 }, By, "x", rig.Now)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_edits_a_sweep_that_lives_and_extends_one_that_has_ended()
    {
        var search = new Search("{name: r, program: noop, method: random, run_cap: 3, parameters: {x: {min: 0.0, max: 1.0}}}");
        search.Do(schedule => Assert.Equal((false, 4), schedule.Change(null, new SweepEdits { RunCap = 4 }, search.NoData, By, "more", search.Now)));
        search.RunAll();
        search.Do(schedule => Assert.Equal((true, 6), schedule.Change(null, new SweepEdits { RunCap = 6 }, search.NoData, By, "more", search.Now)));
        search.RunAll();
        search.Do(schedule => Assert.Equal((true, 12), schedule.Change(null, new SweepEdits { Seeds = 2 }, search.NoData, By, "surer", search.Now)));
    }

    [Fact]
    public void A_random_search_extended_by_its_cap_draws_on_from_where_it_was()
    {
        var search = new Search("{name: r, program: noop, method: random, run_cap: 3, enqueue: [{x: 0.5}], parameters: {x: {min: 0.0, max: 1.0}}}");
        search.RunAll();
        search.Do(schedule => Assert.Equal(5, schedule.Extend(null, new SweepEdits { RunCap = 5 }, search.NoData, By, "more", search.Now)));
        search.RunAll();
        search.Rebuild();
        Assert.Equal(["enqueued in the file", "random draw 1", "random draw 2", "random draw 3", "random draw 4"], search.Origins);
        Assert.Equal(SweepState.Completed, search.Schedule.Sweep.State);
    }

    [Fact]
    public void A_new_file_with_other_enqueued_points_shifts_no_draw()
    {
        var search = new Search("{name: r, program: noop, method: random, run_cap: 2, parameters: {x: {min: 0.0, max: 1.0}}}");
        search.RunAll();
        var wider = SweepFile.Parse("{name: r, program: noop, method: random, run_cap: 5, enqueue: [{x: 2}, {x: 3}], parameters: {x: {min: 0.0, max: 1.0}}}", "r.yaml").Definition!;
        search.Do(schedule => schedule.Extend((wider, SamplerCatalog.Create(wider)), new SweepEdits(), search.NoData, By, "more", search.Now));
        search.Adopt(wider);
        search.Rebuild();
        search.RunAll();
        Assert.Equal(["random draw 1", "random draw 2", "enqueued in the file", "enqueued in the file", "random draw 3"], search.Origins);
    }

    [Fact]
    public void A_file_of_another_sweep_is_refused_with_the_difference()
    {
        var search = new Search("{name: r, program: noop, method: grid, metric: {name: value, goal: maximize}, parameters: {x: {values: [1, 2]}}}");
        var other = SweepFile.Parse("{name: r, program: noop, method: grid, metric: {name: value}, parameters: {x: {values: [1, 2, 3]}}}", "r.yaml").Definition!;
        Assert.Equal(
            "the file is another sweep: its goal is 'minimize', and this sweep has 'maximize'",
            Refused(() => search.Schedule.Extend((other, SamplerCatalog.Create(other)), new SweepEdits(), search.NoData, By, "x", search.Now)));
    }

    [Fact]
    public void More_seeds_are_added_to_every_configuration_and_fewer_refused()
    {
        var search = new Search("{name: s, program: noop, method: grid, seeds: {count: 2, base: 10}, parameters: {x: {values: [1, 2]}}}");
        search.RunAll();
        Assert.Contains("2 seeds already", Refused(() => search.Schedule.Extend(null, new SweepEdits { Seeds = 1 }, search.NoData, By, "x", search.Now)), StringComparison.Ordinal);
        search.Do(schedule => Assert.Equal(6, schedule.Extend(null, new SweepEdits { Seeds = 3 }, search.NoData, By, "surer", search.Now)));
        search.RunAll();
        Assert.Equal([(1, 10L), (1, 11L), (2, 10L), (2, 11L), (1, 12L), (2, 12L)], search.Schedule.Trials.Values.Select(trial => (trial.Configuration, trial.Seed)));
        Assert.Equal("seed 3 of configuration 1, extended by ada@lab", search.Schedule.Trials[5].Origin);
    }

    [Fact]
    public void What_has_used_up_its_time_or_reached_its_target_cannot_be_extended_in_vain()
    {
        var rig = new ScheduleRig(configurations: 9, with: definition => definition with { RunCap = 1, Limits = new SweepLimits(SweepTime: TimeSpan.FromMinutes(1)) });
        rig.Complete(rig.Running());
        rig.Now += TimeSpan.FromHours(1);
        Assert.Contains("sweep_time (60 s) has passed", Refused(() => rig.Schedule.Extend(null, new SweepEdits { RunCap = 2 }, Search.Empty, By, "x", rig.Now)), StringComparison.Ordinal);

        var hit = new ScheduleRig(configurations: 9, with: definition => definition with { Metric = definition.Metric with { Target = 1 }, RunCap = 2 });
        var grant = hit.Running();
        hit.Report(grant, 1, 5);
        hit.Complete(grant);
        Assert.Contains("the target 1 is reached", Refused(() => hit.Schedule.Extend(null, new SweepEdits { RunCap = 3 }, Search.Empty, By, "x", hit.Now)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_is_refused_when_it_is_incomplete_unknown_or_infeasible_and_text_takes_its_type()
    {
        var space = SweepFile.Parse(
            "{name: p, program: mixed, method: random, run_cap: 9, parameters: {lr: {min: 0.001, max: 0.1}, levels: {values: [1, 2]}, optimizer: {values: [Adam, SGD]}}, constraints: [{require: levels < 3, message: too deep}]}",
            "p.yaml").Definition!.Space;
        var point = EnqueuedPoint.Read(space, Typed(("lr", "0.01"), ("levels", "2")));
        Assert.Equal((ParameterKind.Real, ParameterKind.Integer, "Adam"), (point["lr"]!.Kind, point["levels"]!.Kind, point["optimizer"]!.AsText()));
        Assert.Contains("too deep", Refused(() => EnqueuedPoint.Read(space, Typed(("lr", "0.01"), ("levels", "5")))), StringComparison.Ordinal);
        Assert.Contains("'lr' takes", Refused(() => EnqueuedPoint.Read(space, Typed(("lr", "fast")))), StringComparison.Ordinal);
        Assert.Contains("did you mean 'levels'?", Refused(() => EnqueuedPoint.Read(space, Typed(("level", "1")))), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Typed(params (string Name, string Value)[] items) => items.ToDictionary(item => item.Name, item => item.Value);

    private static string Refused(Action act) => Assert.Throws<SweepRefusedException>(act).Message;

    private static string Refused<T>(Func<T> act) => Assert.Throws<SweepRefusedException>(() => { act(); }).Message;
}
