using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>Who works with <c>run</c> alone: the same name with another file, a repaired program, a run that was killed.</summary>
public sealed class RunAgainTests
{
    private const string Sweep = """
        name: again
        program: noop
        method: random
        run_cap: 6
        metric: {name: value, goal: minimize}
        parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 2}, sleep_ms: {value: 400}}
        """;

    private static readonly string Larger = Sweep.Replace("run_cap: 6", "run_cap: 9", StringComparison.Ordinal);

    /// <summary>Or has run already: a busy machine looks late.</summary>
    private static bool Runs(RunningProgram run, SeqSweep place, int trial) => run.Error.Length > 0 // its database is open
        && place.Reader.Sweeps() is [var sweep, ..] && place.Reader.Trial(new TrialId(SweepId.Parse(sweep.Sweep), trial)) is { State: "running" or "completed" };

    [Fact]
    public async Task A_sweep_whose_run_was_killed_is_interrupted_and_goes_on_with_a_larger_cap_when_told_to()
    {
        using var place = new SeqSweep();
        place.Write("again.yaml", Sweep);
        await using (var run = place.Start("run", "again.yaml", "--slots", "1"))
        {
            await run.UntilAsync(() => Runs(run, place, 2), "the second trial");
            run.Signal("KILL");
            await run.EndAsync();
        }

        var id = place.OnlySweep().Sweep.Id.Value;
        var listed = (await place.RunAsync("list")).Expect(0);
        Assert.Contains($"{id}\tinterrupted\t", listed.Output, StringComparison.Ordinal);
        Assert.Contains($"seqsweep run {id}", listed.Error, StringComparison.Ordinal);
        Assert.Contains("interrupted", (await place.RunAsync("show", id)).Expect(0).Output, StringComparison.Ordinal);

        place.Write("again.yaml", Larger);
        var refused = (await place.RunAsync("run", "again.yaml")).WithoutStackTrace().Expect(4);
        Assert.Contains($"{id} of this name stopped at ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--extend goes on with it to 9 trials, --new starts another", refused.Error, StringComparison.Ordinal);

        (await place.RunAsync("run", "again.yaml", "--extend")).WithoutStackTrace().Expect(0);
        var sweep = Assert.Single(place.Reader.Sweeps());
        Assert.Equal((9L, "completed"), (sweep.Completed, sweep.State));
        Assert.Equal(9, place.OnlySweep().Trials.Select(trial => trial.Parameters.ToJson()).Distinct().Count());
        Assert.Contains("has ended already", (await place.RunAsync("run", "again.yaml")).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_of_an_interrupted_sweep_is_enough_to_go_on()
    {
        using var place = new SeqSweep();
        place.Write("again.yaml", Sweep);
        await using (var run = place.Start("run", "again.yaml", "--slots", "1"))
        {
            await run.UntilAsync(() => Runs(run, place, 1), "the first trial");
            run.Signal("KILL");
            await run.EndAsync();
        }

        File.Delete(Path.Combine(place.Folder, "again.yaml"));
        (await place.RunAsync("run", place.OnlySweep().Sweep.Id.Value)).WithoutStackTrace().Expect(0);
        Assert.Equal(6, Assert.Single(place.Reader.Sweeps()).Completed);
    }

    [Fact]
    public async Task Another_file_of_the_name_of_an_ended_sweep_is_told_and_words_for_people_are_no_other_file()
    {
        using var place = new SeqSweep();
        place.Write("again.yaml", Sweep);
        (await place.RunAsync("run", "again.yaml")).Expect(0);
        place.Write("again.yaml", Sweep + "\ntags: [x]\ndescription: words\n");
        Assert.Contains("has ended already", (await place.RunAsync("run", "again.yaml")).Expect(0).Error, StringComparison.Ordinal);

        place.Write("again.yaml", Larger.Replace("max: 1.0", "max: 2.0", StringComparison.Ordinal));
        var refused = (await place.RunAsync("run", "again.yaml")).WithoutStackTrace().Expect(4);
        Assert.Contains("of this name has ended (completed) after 6 of 6 trials", refused.Error, StringComparison.Ordinal);
        Assert.Single(place.Reader.Sweeps());
        (await place.RunAsync("run", "again.yaml", "--new")).Expect(0);
        Assert.Equal(2, place.Reader.Sweeps().Count);

        place.Write("again.yaml", Sweep.Replace("run_cap: 6", "run_cap: 2", StringComparison.Ordinal));
        var smaller = (await place.RunAsync("run", "again.yaml")).Expect(0);
        Assert.Contains("this one would add nothing to it: it is a new sweep", smaller.Error, StringComparison.Ordinal);
        Assert.Equal(3, place.Reader.Sweeps().Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failed_trials_run_again_once_their_program_is_repaired(bool byVerb)
    {
        using var place = new SeqSweep();
        place.Write("program.py", """
            import json, os
            x = json.loads(os.environ["SEQSWEEP_PARAMETERS"])["x"]
            if x > 2 and not os.path.exists("repaired"): raise SystemExit("not repaired")
            print(json.dumps({"epoch": 1, "loss": x}))
            """);
        place.Write("fix.yaml", """
            name: fix
            program: program.py
            method: grid
            metric: {name: loss, goal: minimize}
            retry: {max: 0}
            parameters: {x: {values: [1, 2, 3, 4]}}
            """);
        (await place.RunAsync("run", "fix.yaml")).Expect(0);
        place.Write("repaired", "");
        Assert.Contains("--retry runs its 2 failed trials again", (await place.RunAsync("run", "fix.yaml")).Expect(0).Error, StringComparison.Ordinal);
        if (byVerb)
        {
            var retried = (await place.RunAsync("retry", "@last")).WithoutStackTrace().Expect(0);
            Assert.Contains($"2 trials to be tried again; to go on: seqsweep run {place.OnlySweep().Sweep.Id}", retried.Error, StringComparison.Ordinal);
        }

        (await place.RunAsync(["run", "fix.yaml", .. byVerb ? Array.Empty<string>() : ["--retry"]])).WithoutStackTrace().Expect(0);
        Assert.Equal((4L, 0L), (Assert.Single(place.Reader.Sweeps()).Completed, place.Reader.Sweeps()[0].Failed));
        Assert.Contains("not repaired", (await place.RunAsync("logs", "@last/4")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_runs_is_steered_through_its_run_and_an_interrupted_one_in_the_database()
    {
        using var place = new SeqSweep();
        place.Write("again.yaml", Sweep.Replace("sleep_ms: {value: 400}", "sleep_ms: {value: 60000}", StringComparison.Ordinal));
        await using (var run = place.Start("run", "again.yaml", "--slots", "1"))
        {
            await run.UntilAsync(() => Runs(run, place, 1), "the first trial");
            (await place.RunAsync("pause", "@last", "--reason", "lunch")).WithoutStackTrace().Expect(0);
            Assert.Equal("paused", place.Reader.Sweeps()[0].State);
            (await place.RunAsync("resume", "@last", "--db", ".seqsweep/sweeps.db")).WithoutStackTrace().Expect(0);
            Assert.Equal("running", place.Reader.Sweeps()[0].State);
            run.Signal("KILL");
            await run.EndAsync();
        }

        (await place.RunAsync("edit", "@last", "--run-cap", "7")).WithoutStackTrace().Expect(0);
        Assert.Contains("is stopped", (await place.RunAsync("stop", "@last")).WithoutStackTrace().Expect(0).Error, StringComparison.Ordinal);
        Assert.Equal(("stopped", 7L), (place.Reader.Sweeps()[0].State, place.Reader.Sweeps()[0].Planned));
    }
}
