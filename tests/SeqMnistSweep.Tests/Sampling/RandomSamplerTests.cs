using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class RandomSamplerTests
{
    private const string Space = """
        method: random
        run_cap: 100
        parameters:
          levels: {min: 6, max: 9}
          kernel_size: {values: [3, 5, 7]}
          hidden: {distribution: q_uniform, min: 16, max: 64, q: 8}
          dropout: {min: 0.0, max: 0.3}
          lr: {distribution: log_uniform_values, min: 0.0005, max: 0.01}
          optimizer: {values: [Adam, SGD], probabilities: [0.5, 0.5]}
          momentum: {min: 0.5, max: 0.95, when: {optimizer: SGD}}
        constraints:
          - require: hidden * levels <= 400

        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-77)]
    public void Every_proposal_keeps_to_bounds_steps_conditions_and_rules(long seed)
    {
        var sweep = Sweeps.Valid(Space + $"sampler_seed: {seed}");
        foreach (var point in Proposals.Of(sweep, 1000))
        {
            Assert.InRange(point["levels"]!.AsInteger(), 6, 9);
            Assert.Contains(point["kernel_size"]!.AsInteger(), new long[] { 3, 5, 7 });
            Assert.InRange(point["hidden"]!.AsInteger(), 16, 64);
            Assert.Equal(0, point["hidden"]!.AsInteger() % 8);
            Assert.InRange(point["dropout"]!.AsReal(), 0, 0.3);
            Assert.InRange(point["lr"]!.AsReal(), 0.0005, 0.01);
            Assert.Equal(point["optimizer"]!.AsText() == "SGD", point.TryGetValue("momentum", out _));
            Assert.True(point["hidden"]!.AsInteger() * point["levels"]!.AsInteger() <= 400);
            Assert.True(1 + (2 * (point["kernel_size"]!.AsInteger() - 1) * ((1 << (int)point["levels"]!.AsInteger()) - 1)) >= 784);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_proposals_and_another_one_others()
    {
        var first = Proposals.Of(Sweeps.Valid(Space), 50);
        Assert.Equal(first, Proposals.Of(Sweeps.Valid(Space), 50));
        Assert.NotEqual(first, Proposals.Of(Sweeps.Valid(Space + "sampler_seed: 1"), 50));
    }

    [Fact]
    public void The_draws_are_part_of_the_product()
    {
        // Changing these numbers changes every sweep that users have written down.
        var sweep = Sweeps.Valid("method: random\nrun_cap: 3\nprogram: branin\nparameters: {x0: {min: -5, max: 10}, x1: {min: 0.0, max: 15.0}}");
        Assert.Equal(Golden, Proposals.Of(sweep, 3).Select(p => p.ToJson()));
    }

    private static readonly string[] Golden = [
        """{"x0":-3,"x1":5.802907237708079}""",
        """{"x0":8,"x1":6.738132974439589}""",
        """{"x0":6,"x1":10.170654832910484}""",
    ];

    [Fact]
    public void Adding_a_parameter_leaves_the_draws_of_the_others()
    {
        var few = Proposals.Of(Sweeps.Valid("method: random\nrun_cap: 9\nparameters: {lr: {min: 0.1, max: 0.2}}"), 9);
        var more = Proposals.Of(Sweeps.Valid("method: random\nrun_cap: 9\nparameters: {dropout: {min: 0.1, max: 0.2}, lr: {min: 0.1, max: 0.2}}"), 9);
        Assert.Equal(few.Select(p => p["lr"]), more.Select(p => p["lr"]));
    }

    [Fact]
    public void Zipped_parameters_move_together()
    {
        var sweep = Sweeps.Valid("method: random\nrun_cap: 9\nparameters: {levels: {values: [7, 8, 9]}, hidden: {values: [70, 80, 90]}}\nzip: [[levels, hidden]]");
        Assert.All(Proposals.Of(sweep, 100), p => Assert.Equal(10 * p["levels"]!.AsInteger(), p["hidden"]!.AsInteger()));
    }

    [Fact]
    public void Draws_of_a_uniform_range_fill_it_evenly()
    {
        var draw = new RandomDraw(Sweeps.Valid("method: random\nrun_cap: 1\nparameters: {dropout: {min: 0.0, max: 0.5}}").Space, 0);
        var cells = Enumerable.Range(0, 10_000).GroupBy(i => (int)(draw.At(i)[0]!.AsReal() * 20)).Select(g => g.Count()).ToList();
        Assert.Equal(10, cells.Count);
        Assert.All(cells, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void A_space_without_a_feasible_point_ends_the_search()
    {
        var definition = Sweeps.Valid("method: random\nrun_cap: 1\nparameters: {lr: {min: 0.1, max: 0.2}}");
        var never = new Constraint(SeqMnistSweep.SearchSpaces.Expression.Parse("lr > 1"), null);
        var space = new SearchSpace([new Dimension(["lr"], new Uniform(0, 1))], [], [], [never], definition.Space.Trainable);
        Assert.Null(new RandomSampler(space, 0).Propose(0, new SearchHistory()));
    }
}
