using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary><c>--prior</c>: a search that begins with what an earlier one found, over a head and here.</summary>
public sealed class PriorTests
{
    private const string Space = """
        program: branin
        run_cap: 10
        metric: {name: value, goal: minimize}
        parameters:
          x0: {min: -5.0, max: 10.0}
          x1: {min: 0.0, max: 15.0}
        """;

    private const string Earlier = "name: earlier\nmethod: random\nsampler_seed: 3\n" + Space;

    private const string Search = "name: search\nmethod: bayes\n" + Space;

    [Fact]
    public async Task Over_a_head_it_begins_better_than_without_and_says_with_what()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "1");
        var earlier = await fleet.SubmitAsync(Earlier.Replace("run_cap: 10", "run_cap: 60", StringComparison.Ordinal));
        await fleet.EndedAsync(earlier);
        var plan = (await fleet.ClientAsync("plan", "sweep.yaml")).Expect(0).Output;
        Assert.Contains("60 trials", plan, StringComparison.Ordinal);
        Assert.Contains("on the 1 ready worker", plan, StringComparison.Ordinal);
        Assert.Contains("60 trials on the head at", plan, StringComparison.Ordinal);
        var without = await ValuesAsync(fleet, await fleet.SubmitAsync(Search));

        var with = await fleet.SubmitAsync(Search, "--prior", earlier.Value, "--paused");
        // The prior is the sweep's own: a head that starts again has it from the database.
        fleet.Head.Signal("KILL");
        await fleet.StartHeadAsync();
        (await fleet.ClientAsync("resume", with.Value)).Expect(0);
        var values = await ValuesAsync(fleet, with);
        Assert.Equal(10, values.Count);
        Assert.True(Median(values) < Median(without), $"with: {string.Join(' ', values)}; without: {string.Join(' ', without)}");

        var shown = (await fleet.ClientAsync("show", with.Value)).Expect(0).Output;
        Assert.Contains($"{earlier.Value} (60 configurations)", shown, StringComparison.Ordinal);

        var refused = await fleet.ClientAsync("submit", "sweep.yaml", "--prior", "never-0000");
        Assert.Equal((5, ""), (refused.Code, refused.Output));
        Assert.Contains("never-0000", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_here_begins_with_a_sweep_of_the_same_database_and_a_method_without_results_refuses_it()
    {
        using var place = new SeqSweep();
        place.Write("earlier.yaml", Earlier);
        place.Write("search.yaml", Search);
        (await place.RunAsync("run", "earlier.yaml")).WithoutStackTrace().Expect(0);
        (await place.RunAsync("run", "search.yaml", "--prior", "earlier")).WithoutStackTrace().Expect(0);
        var shown = (await place.RunAsync("show", "search")).WithoutStackTrace().Expect(0);
        Assert.Contains("(10 configurations)", shown.Output, StringComparison.Ordinal);

        var refused = (await place.RunAsync("run", "earlier.yaml", "--new", "--prior", "search")).WithoutStackTrace();
        Assert.Equal((4, ""), (refused.Code, refused.Output));
        Assert.Contains("method random takes no prior", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, place.Reader.Sweeps().Count);
    }

    private static async Task<IReadOnlyList<double>> ValuesAsync(Fleet fleet, SweepId sweep) =>
        [.. (await fleet.EndedAsync(sweep)).Trials.Select(trial => trial.Value!.Value)];

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);
}
