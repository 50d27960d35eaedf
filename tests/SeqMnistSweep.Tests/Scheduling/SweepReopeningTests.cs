using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>What a sweep that ended early still owes when it goes on.</summary>
public sealed class SweepReopeningTests
{
    private const string By = "ada@lab";

    [Fact]
    public void After_a_larger_limit_every_point_and_seed_is_run_once()
    {
        var search = new Search(Grid("epochs: 3"));
        StopAfterThreeEpochs(search);
        // Of the second configuration one seed waited: it was cancelled.
        Assert.Equal((SweepState.Stopped, 3, 1), (search.Schedule.Sweep.State, Count(search, TrialState.Completed), Count(search, TrialState.Cancelled)));

        search.Rebuild();
        search.Do(schedule => Assert.Equal(7, schedule.Extend(null, new SweepEdits { Epochs = 100 }, Search.Empty, By, "more", search.Now)));
        search.Rebuild();
        search.RunAll();

        Assert.Equal(SweepState.Completed, search.Schedule.Sweep.State);
        Assert.Equal((7, 7), (search.Schedule.Trials.Count, search.Schedule.Sweep.Planned));
        Assert.Equal(
            [(1L, 1L), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)],
            search.Schedule.Trials.Values.Where(trial => trial.State == TrialState.Completed).Select(trial => (trial.Parameters["x"]!.AsInteger(), trial.Seed)).Order());
        Assert.Equal("trial 4 anew, which ended with the sweep", search.Schedule.Trials[5].Origin);
        Assert.Equal("ended with the sweep: limits.epochs (3) reached", search.Schedule.Trials[4].Message);
    }

    [Fact]
    public void A_file_with_a_larger_limit_is_enough_also_where_the_old_one_came_of_an_edit()
    {
        var search = new Search(Grid("epochs: 9"));
        search.Do(schedule => schedule.Edit(new SweepEdits { Epochs = 3 }, By, "less", search.Now));
        StopAfterThreeEpochs(search);
        var larger = SweepFile.Parse(Grid("epochs: 20"), "s.yaml").Definition!;

        search.Do(schedule => schedule.Extend((larger, SamplerCatalog.Create(larger)), SweepEdits.None, Search.Empty, By, "more", search.Now));
        search.Adopt(larger);
        search.Rebuild();
        search.RunAll();

        Assert.Equal((SweepState.Completed, 6), (search.Schedule.Sweep.State, Count(search, TrialState.Completed)));
    }

    [Fact]
    public void A_second_stop_and_a_second_extension_make_nothing_twice()
    {
        var search = new Search(Grid("epochs: 3"));
        StopAfterThreeEpochs(search);
        search.Do(schedule => schedule.Extend(null, new SweepEdits { Epochs = 4 }, Search.Empty, By, "a little more", search.Now));
        var again = search.Grant()!;
        search.Report(again, 1);
        search.End(again);
        Assert.Equal(SweepState.Stopped, search.Schedule.Sweep.State);

        search.Do(schedule => schedule.Extend(null, new SweepEdits { Epochs = 9 }, Search.Empty, By, "all", search.Now));
        search.Rebuild();
        search.RunAll();

        Assert.Equal((7, 6, 7), (search.Schedule.Trials.Count, Count(search, TrialState.Completed), search.Schedule.Sweep.Planned));
    }

    [Fact]
    public void What_somebody_cancelled_for_its_own_sake_stays_cancelled()
    {
        var search = new Search(Grid("epochs: 3"));
        var first = search.Grant()!;
        search.Do(schedule => schedule.CancelTrial(2, By, "too slow", search.Now));
        search.Report(first, 1);
        search.Report(first, 2);
        search.Report(first, 3);
        search.End(first);

        search.Do(schedule => schedule.Extend(null, new SweepEdits { Epochs = 9 }, Search.Empty, By, "more", search.Now));
        search.RunAll();

        Assert.Equal((6, 5), (search.Schedule.Trials.Count, Count(search, TrialState.Completed)));
        Assert.Equal("cancelled by ada@lab: too slow", search.Schedule.Trials[2].Message);
    }

    [Fact]
    public void A_limit_that_is_still_reached_is_named_and_one_that_lives_is_edited()
    {
        var search = new Search(Grid("epochs: 3"));
        Assert.Contains("`seqsweep edit`", Refused(search, new SweepEdits { Epochs = 9 }), StringComparison.Ordinal);
        StopAfterThreeEpochs(search);
        Assert.Contains("limits.epochs (3) is reached already", Refused(search, new SweepEdits { Epochs = 3 }), StringComparison.Ordinal);
        search.Do(schedule => schedule.Extend(null, new SweepEdits { Epochs = 90 }, Search.Empty, By, "more", search.Now));
        search.RunAll();
        Assert.Contains("nothing would be added", Refused(search, new SweepEdits { Epochs = 99 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_goes_on_with_more_slot_hours_more_time_or_more_failures()
    {
        foreach (var (limit, more) in new[]
        {
            ("slot_hours: 1", new SweepEdits { SlotHours = 5 }),
            ("sweep_time: 1h", new SweepEdits { SweepTime = TimeSpan.FromHours(5) }),
            ("max_failures: 1", new SweepEdits { MaxFailures = 2 }),
        })
        {
            var search = new Search(Grid(limit));
            var first = search.Grant()!;
            search.Now += TimeSpan.FromHours(2);
            search.Schedule.Apply(1, first.Lease, limit[0] == 'm' ? new AttemptEvent.Failed(FailureCause.Invalid, "no") : new AttemptEvent.Failed(FailureCause.Diverged, "nan"), search.Now);
            search.Schedule.Tick(search.Now);
            Assert.True(search.Schedule.Sweep.State is SweepState.Stopped or SweepState.Failed, limit);
            Assert.Contains("more", Refused(search, new SweepEdits { RunCap = 3 }), StringComparison.Ordinal);

            search.Rebuild();
            search.Do(schedule => schedule.Extend(null, more, Search.Empty, By, "more", search.Now));
            search.RunAll();

            Assert.Equal(SweepState.Completed, search.Schedule.Sweep.State);
            Assert.Equal(6, Count(search, TrialState.Completed) + Count(search, TrialState.Failed));
        }
    }

    [Fact]
    public void An_endless_search_draws_on_behind_the_draws_that_are_made()
    {
        var search = new Search("{name: r, program: noop, method: random, limits: {epochs: 2}, parameters: {x: {min: 0.0, max: 1.0}}}");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var grant = search.Grant()!;
            search.Report(grant, 1);
            search.End(grant);
        }

        Assert.Equal(SweepState.Stopped, search.Schedule.Sweep.State);
        search.Do(schedule => schedule.Extend(null, new SweepEdits { Epochs = 3 }, Search.Empty, By, "one more", search.Now));
        search.End(search.Grant()!);
        Assert.Equal(["random draw 1", "random draw 2", "random draw 3"], search.Origins);
    }

    [Fact]
    public void The_copies_of_a_population_cannot_be_made_anew()
    {
        var search = new Search("{name: p, program: noop, method: pbt, run_cap: 4, limits: {epochs: 1}, metric: {name: value}, parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 4}}}");
        var first = search.Grant()!;
        search.Report(first, 1, checkpoint: new CheckpointFile(1, 0, "aa", 1));
        search.Do(schedule => schedule.Stop(By, "enough", search.Now));
        var paused = search.Schedule.Trials.Values.Count(trial => trial.State == TrialState.Cancelled);
        Assert.Equal((SweepState.Stopped, 1), (search.Schedule.Sweep.State, paused));
        Assert.Contains("population of sweep s-0000 ended with it, trial 1", Refused(search, new SweepEdits { Epochs = 99 }), StringComparison.Ordinal);
    }

    private static string Grid(string limits) =>
        $"{{name: s, program: noop, method: grid, metric: {{name: value}}, seeds: {{count: 2, base: 1}}, limits: {{{limits}}}, parameters: {{x: {{values: [1, 2, 3]}}}}}}";

    /// <summary>Three trials with one epoch each.</summary>
    private static void StopAfterThreeEpochs(Search search)
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var grant = search.Grant()!;
            search.Report(grant, 1);
            search.End(grant);
        }
    }

    private static int Count(Search search, TrialState state) => search.Schedule.CountByState[state];

    private static string Refused(Search search, SweepEdits edits) =>
        Assert.Throws<SweepRefusedException>(() => search.Schedule.Extend(null, edits, Search.Empty, By, "x", search.Now)).Message;
}
