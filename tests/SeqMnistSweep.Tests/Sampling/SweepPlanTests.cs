using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class SweepPlanTests
{
    [Fact]
    public void Half_of_the_pairs_of_levels_and_kernels_see_the_whole_image()
    {
        var plan = SweepPlan.Of(Sweeps.Valid("method: grid\nparameters: {levels: {min: 4, max: 9}, kernel_size: {values: [3, 5, 7, 9]}}"));
        Assert.Equal((24, 12, 1, 12), (plan.Points, plan.Feasible, plan.Seeds, plan.Trials));
        var dropped = Assert.Single(plan.Dropped);
        Assert.Equal(12, dropped.Count);
        Assert.Equal("levels=6 kernel_size=7", dropped.Example);
        Assert.Equal("levels 7 (1525 at kernel_size=7)", dropped.NearestFeasible);
        Assert.Equal("receptive field 757 does not cover the sequence of 784", dropped.Message);
    }

    [Fact]
    public void The_last_line_counts_points_feasible_ones_seeds_and_trials()
    {
        var plan = SweepPlan.Of(Sweeps.Valid("""
            method: grid
            parameters:
              levels: {values: [5, 6, 7, 8]}
              kernel_size: {values: [3, 5, 7, 9]}
              dropout: {values: [0.0, 0.05]}
              hidden: {values: [20, 25, 30, 35]}
            constraints:
              - require: levels >= 7 or kernel_size > 5
              - require: kernel_size != 3 or levels != 7
            receptive_field: warn
            seeds: {count: 3}
            """));
        var expected = Enumerable.Range(5, 4).SelectMany(l => new[] { 3, 5, 7, 9 }.Select(k => (l, k))).Count(p => (p.l >= 7 || p.k > 5) && (p.k != 3 || p.l != 7)) * 8;
        Assert.Equal($"128 grid points, {expected} feasible, 3 seeds, {expected * 3} trials", plan.ToString());
        Assert.Equal(128, expected + plan.Dropped.Sum(d => d.Count));
    }

    [Fact]
    public void The_example_of_the_sweep_file_has_128_points_64_feasible_and_192_trials()
    {
        var plan = SweepPlan.Of(Sweeps.Valid("""
            method: grid
            parameters:
              levels: {values: [6, 7, 8, 9]}
              kernel_size: {values: [3, 5, 7, 9]}
              dropout: {values: [0.0, 0.05]}
              hidden: {values: [20, 25, 30, 35]}
            constraints: [{require: kernel_size <= 5 or hidden < 0, message: kernels are too wide}]
            receptive_field: warn
            seeds: {count: 3, base: 1234}
            """));
        Assert.Equal("128 grid points, 64 feasible, 3 seeds, 192 trials", plan.ToString());
    }

    [Theory]
    [InlineData("parameters: {levels: {min: 5, max: 9}, kernel_size: {values: [3, 5, 7]}, hidden: {values: [10, 60]}, lr: {values: [0.1, 0.2]}}\nconstraints: [{require: hidden * levels < 450}]")]
    [InlineData("parameters: {optimizer: {values: [Adam, SGD]}, momentum: {values: [0.5, 0.9], when: {optimizer: SGD}}, lr: {values: [0.1, 0.2]}}\nconstraints: [{require: momentum + lr < 1.05}]")]
    [InlineData("parameters: {levels: {values: [5, 6, 7]}, kernel_size: {values: [9, 9, 5]}, hidden: {values: [1, 2]}}\nzip: [[levels, kernel_size]]")]
    [InlineData("parameters: {input_channels: {values: [1, 4, 28]}, levels: {values: [3, 5, 8]}, hidden: {value: 3}}\nenqueue: [{levels: 9, input_channels: 2}, {levels: 8, input_channels: 1}]")]
    public void The_plan_counts_what_the_sampler_proposes(string rest)
    {
        var sweep = Sweeps.Valid("method: grid\n" + rest);
        var plan = SweepPlan.Of(sweep);
        Assert.Equal(Proposals.Of(sweep).Count, plan.Trials);
        Assert.Equal(plan.Points, plan.Feasible + plan.Dropped.Sum(d => d.Count));
    }

    [Fact]
    public void Nine_million_points_are_counted_without_walking_through_them()
    {
        var plan = SweepPlan.Of(Sweeps.Valid("method: grid\nprogram: train.py\nmetric: {name: loss}\nparameters: {a: {min: 1, max: 3000}, b: {min: 1, max: 3000}}"));
        Assert.Equal(9_000_000, plan.Trials);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("run_cap: 3", 6L)]
    public void A_grid_of_connected_parameters_that_is_too_large_is_not_walked_through(string cap, long? trials)
    {
        var sweep = Sweeps.Valid($"method: grid\nprogram: train.py\nmetric: {{name: loss}}\nseeds: {{count: 2}}\n{cap}\nparameters: {{{string.Join(", ", Enumerable.Range(0, 7).Select(i => $"p{i}: {{min: 1, max: 10}}"))}}}\n"
            + "constraints: [{require: p0 + p1 + p2 + p3 + p4 + p5 + p6 < 1000000}]");
        var plan = SweepPlan.Of(sweep);
        Assert.Equal((true, null, trials), (plan.IsTooLarge, plan.Points, plan.Trials));
        Assert.Equal(trials, SweepPlan.TrialsWith(sweep, []));
        Assert.Equal(0, SweepPlan.InfeasiblePoints(sweep));
    }

    [Fact]
    public void A_random_search_counts_its_cap_or_nothing()
    {
        var capped = SweepPlan.Of(Sweeps.Valid("method: random\nrun_cap: 20\nseeds: {count: 2}\nparameters: {levels: {min: 5, max: 10}, kernel_size: {values: [3, 7]}, lr: {min: 0.1, max: 0.2}}"));
        Assert.Equal((20, 20, 40), (capped.Points, capped.Feasible, capped.Trials));
        Assert.Equal(7.0 / 12, capped.FeasibleShare, 0.03);
        var endless = SweepPlan.Of(Sweeps.Valid("method: random\nparameters: {lr: {min: 0.1, max: 0.2}}"));
        Assert.Null(endless.Trials);
    }

    [Fact]
    public void A_run_cap_ends_a_grid_early() =>
        Assert.Equal(5, SweepPlan.Of(Sweeps.Valid("method: grid\nrun_cap: 5\nparameters: {hidden: {min: 1, max: 9}}")).Trials);
}
