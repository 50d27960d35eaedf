using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.Scheduling;
using SeqMnistSweep.Tests.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class FiniteSpaceTests
{
    public static TheoryData<string> Drawing => [.. SamplerCatalog.All.Where(entry => entry is { IsFinite: false, Pruner: null }).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Drawing))]
    public void Every_configuration_is_tried_once_and_then_the_sweep_ends_and_says_so(string method)
    {
        foreach (var (space, count) in new[]
        {
            ("x0: {values: [1, 2, 3]}", 3),
            ("x0: {values: [1, 1, 1, 2]}, x1: {min: 1, max: 10}", 20),
            ("x0: {values: [1, 2, 3], probabilities: [0.5, 0.5, 0]}, x1: {distribution: q_uniform, min: 0.0, max: 2.0, q: 0.5}", 10),
            ("kind: {values: [a, b]}, x0: {values: [1, 2, 3], when: {kind: b}}", 4),
        })
        {
            var search = Search(method, space, cap: count + 9);
            search.RunAll();
            var points = search.Schedule.Trials.Values.Select(trial => trial.Parameters).ToList();
            Assert.Equal((count, count), (points.Count, points.Distinct().Count()));
            var sweep = search.Schedule.Sweep;
            Assert.Equal((SweepState.Completed, SweepCause.Exhausted, (long?)count), (sweep.State, sweep.Cause!.Value, sweep.Planned));
            Assert.Equal($"all {count} configurations of the space have been tried", sweep.Reason);
        }
    }

    [Fact]
    public void As_many_as_there_are_configurations_are_all_of_them()
    {
        var search = Search("sobol", $"x0: {{values: [{string.Join(", ", Enumerable.Range(0, 20))}]}}", cap: 20);
        search.RunAll();
        Assert.Equal(20, search.Schedule.Trials.Values.Select(trial => trial.Parameters).Distinct().Count());
        Assert.Equal(SweepCause.Finished, search.Schedule.Sweep.Cause);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("gp")]
    public void A_space_without_a_choice_is_run_as_often_as_is_asked(string method)
    {
        var search = Search(method, "x0: {values: [7]}, x1: {value: 2}", cap: 25);
        search.RunAll();
        Assert.Equal((25, 25L), (search.Schedule.Trials.Count, search.Schedule.Sweep.Planned));
    }

    [Fact]
    public void A_sweep_goes_on_where_it_was_after_a_restart_and_when_its_space_grows()
    {
        var search = Search("random", "x0: {values: [1, 2, 3, 4, 5]}", cap: 99);
        for (var i = 0; i < 3; i++)
        {
            search.End(search.Grant()!);
        }

        search.Rebuild();
        search.RunAll();
        Assert.Equal((5, SweepCause.Exhausted), (search.Schedule.Trials.Count, search.Schedule.Sweep.Cause!.Value));

        var wider = Sweeps.Valid(File("random", "x0: {values: [1, 2, 3, 4, 5, 6, 7]}", 99));
        search.Do(schedule => schedule.Extend((wider, SamplerCatalog.Create(wider)), new(), Scheduling.Search.Empty, "ada", "more", search.Now));
        search.Adopt(wider);
        search.RunAll();
        Assert.Equal((7, 7), (search.Schedule.Trials.Count, search.Schedule.Trials.Values.Select(trial => trial.Parameters).Distinct().Count()));
    }

    [Theory]
    [InlineData("random", "x0: {values: [1, 2, 3]}", 12, "3 points, 3 feasible, 1 seeds, 3 trials")]
    [InlineData("random", "x0: {values: [1, 2, 3]}", 2, "3 points, 3 feasible, 1 seeds, 2 trials")]
    [InlineData("random", "x0: {min: 0.0, max: 1.0}", 400, "400 draws, 400 feasible, 1 seeds, 400 trials")]
    [InlineData("bayes", "x0: {value: 1}", 25, "25 draws, 25 feasible, 1 seeds, 25 trials")]
    public void A_plan_says_how_many_points_there_are(string method, string space, int cap, string text) =>
        Assert.Equal(text, SweepPlan.Of(Sweeps.Valid(File(method, space, cap))).ToString());

    private static Search Search(string method, string space, int cap) => new(File(method, space, cap));

    private static string File(string method, string space, int cap) =>
        $"method: {method}\nprogram: train.py\nrun_cap: {cap}\n{(method == "nsga2" ? "metrics: [{name: value}, {name: other}]" : "metric: {name: value}")}\nparameters: {{{space}}}\n";
}
