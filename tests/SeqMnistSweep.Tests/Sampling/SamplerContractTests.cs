using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling;

/// <summary>What every sampler in the catalogue keeps to.</summary>
public sealed class SamplerContractTests
{
    private const int Spaces = 12;

    public static TheoryData<string> Methods => [.. SamplerCatalog.All.Select(entry => entry.Name)];

    public static TheoryData<string> Drawing => [.. SamplerCatalog.All.Where(entry => !entry.IsFinite).Select(entry => entry.Name)];

    public static TheoryData<string> Adaptive => [.. SamplerCatalog.All.Where(entry => entry.IsAdaptive).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void No_proposal_breaks_a_bound_a_step_a_condition_or_a_rule(string method)
    {
        for (var seed = 0; seed < Spaces; seed++)
        {
            var sweep = Sweep(method, seed);
            var run = new SearchRun(sweep, Losses, workers: 1 + (seed % 3)).To(60);
            Assert.All(run.Proposals, made => Assert.Null(RandomSpace.Fault(sweep.Space, made.Proposal.Parameters, isGrid: method == "grid")));
            Assert.NotEmpty(run.Proposals);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_same_seed_gives_the_same_proposals_and_another_one_others(string method)
    {
        var sweep = Sweep(method, 3);
        var first = Points(new SearchRun(sweep, Losses, 2).To(40));
        Assert.Equal(first, Points(new SearchRun(sweep, Losses, 2).To(40)));
        if (!SamplerCatalog.Find(method)!.IsFinite)
        {
            Assert.NotEqual(first, Points(new SearchRun(sweep with { SamplerSeed = 1 }, Losses, 2).To(40)));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_sampler_made_anew_goes_on_where_another_stopped(string method)
    {
        var sweep = Sweep(method, 5);
        var run = new SearchRun(sweep, Losses, 4).To(50);
        foreach (var (cursor, mark, proposal) in run.Proposals)
        {
            var again = SamplerCatalog.Create(sweep).Propose(cursor, run.History.AsSeen(mark))!;
            Assert.Equal(proposal.Parameters, again.Parameters);
            Assert.Equal(proposal.Origin, again.Origin);
        }
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("bayes")]
    public void So_does_one_that_searches_with_several_metrics(string method)
    {
        var sweep = Sweeps.Valid($"method: {method}\nprogram: train.py\nrun_cap: 200\nmetrics: [{{name: loss}}, {{name: cost}}]\n{RandomSpace.Of(5, false)}");
        var run = new SearchRun(sweep, Losses, 4).To(170);
        foreach (var (cursor, mark, proposal) in run.Proposals)
        {
            Assert.Null(RandomSpace.Fault(sweep.Space, proposal.Parameters, isGrid: false));
            var again = SamplerCatalog.Create(sweep).Propose(cursor, run.History.AsSeen(mark))!;
            Assert.Equal((proposal.Parameters, proposal.Origin), (again.Parameters, again.Origin));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Enqueued_points_come_first(string method)
    {
        var text = $"method: {method}\nprogram: train.py\nrun_cap: 9\n{Metric(method)}\nparameters: {{a: {{values: [1, 2, 3]}}, b: {{values: [x, y]}}}}\nenqueue: [{{a: 3, b: y}}, {{a: 7, b: x}}]";
        var run = new SearchRun(Sweeps.Valid(text), point => [point["a"]!.AsReal(), 0]).To(4);
        Assert.Equal(["a=3 b=y", "a=7 b=x"], Points(run).Take(2).Select(point => point.ToString()));
        Assert.Equal("enqueued in the file", run.Proposals[1].Proposal.Origin);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_search_goes_on_when_trials_fail(string method)
    {
        var run = new SearchRun(Sweep(method, 2), _ => [double.NaN], 2).To(30);
        Assert.True(run.Proposals.Count > 10);
    }

    public static TheoryData<string, string> Unfree
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string method in Drawing)
            {
                foreach (var space in Spaceless)
                {
                    cases.Add(method, space);
                }
            }

            return cases;
        }
    }

    private static readonly string[] Spaceless =
        [
            "x0: {value: 1}, x1: {value: 2.5}",
            "x0: {values: [7]}, x1: {value: 2}",
            "x0: {distribution: q_uniform, min: 0.9, max: 1.2, q: 1}, x1: {distribution: q_uniform, min: 6.8, max: 7.3, q: 1}",
            "kind: {values: [a, a, a, b], probabilities: [0.999, 0.0005, 0.0004, 0.0001]}, x0: {min: 0.0, max: 1.0, when: {kind: b}}, x1: {values: [1, 2, 3], when: {kind: b}}",
        ];

    [Theory]
    [MemberData(nameof(Unfree))]
    public void A_space_with_little_or_nothing_to_choose_is_searched_like_any_other(string method, string space)
    {
        var sweep = Sweeps.Valid($"method: {method}\nprogram: train.py\nrun_cap: 60\n{Metric(method)}\nparameters: {{{space}}}\n");
        var run = new SearchRun(sweep, point => [point["x0"]?.AsReal() ?? 1, 0], workers: 3).To(60);
        Assert.Equal(60, run.Proposals.Count);
        Assert.All(run.Proposals, made => Assert.Null(RandomSpace.Fault(sweep.Space, made.Proposal.Parameters, isGrid: false)));
    }

    [Theory]
    [MemberData(nameof(Drawing))]
    public void A_list_of_tens_of_thousands_of_values_costs_no_table_of_them(string method)
    {
        var texts = string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"t{i}"));
        var numbers = string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"{i}.5"));
        var sweep = Sweeps.Valid($"method: {method}\nprogram: train.py\nrun_cap: 60\n{Metric(method)}\nparameters: {{text: {{values: [{texts}]}}, x0: {{values: [{numbers}]}}}}\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var run = new SearchRun(sweep, point => [point["x0"]!.AsReal(), 0], workers: 3).To(60);
        Assert.Equal(60, run.Proposals.Select(made => made.Proposal.Parameters).Distinct().Count());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200L << 20);
    }

    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Results_are_made_use_of(string method)
    {
        // Both losses have the same minimum, so that one search serves methods of one and of several.
        var sweep = Sweeps.Valid($"method: {method}\nprogram: train.py\nrun_cap: 9\n{Metric(method)}\nparameters: {{x: {{min: -5.0, max: 5.0}}, y: {{min: -5.0, max: 5.0}}, z: {{min: -5.0, max: 5.0}}}}");
        var budget = SamplerCatalog.Find(method)!.NeedsSeveralMetrics ? 400 : 120;
        var found = Enumerable.Range(0, 5).Select(seed => new SearchRun(sweep with { SamplerSeed = seed }, Bowl).To(budget).Best).Order().ElementAt(2);
        var random = Enumerable.Range(0, 5).Select(seed => new SearchRun(sweep with { SamplerSeed = seed, Method = "random" }, Bowl).To(budget).Best).Order().ElementAt(2);
        Assert.True(found < 0.5 * random, $"{found} after {budget}, and {random} by chance");

        static double[] Bowl(ParameterSet point)
        {
            var value = Math.Pow(point["x"]!.AsReal() - 1, 2) + Math.Pow(point["y"]!.AsReal() + 2, 2) + Math.Pow(point["z"]!.AsReal() - 3, 2);
            return [value, 2 * value];
        }
    }

    private static string Metric(string method) => SamplerCatalog.Find(method)!.NeedsSeveralMetrics ? "metrics: [{name: loss}, {name: cost}]" : "metric: {name: loss}";

    private static SweepDefinition Sweep(string method, int seed) =>
        Sweeps.Valid($"method: {method}\nprogram: train.py\nrun_cap: 50\n{Metric(method)}\n{RandomSpace.Of(seed, SamplerCatalog.Find(method)!.IsFinite)}");

    private static List<ParameterSet> Points(SearchRun run) => [.. run.Proposals.Select(made => made.Proposal.Parameters)];

    /// <summary>Any function that tells points apart; a few of them fail.</summary>
    private static double[] Losses(ParameterSet point)
    {
        var size = point["size"]!.AsReal();
        var sum = point.Where(item => item.Value.IsNumber).Sum(item => Math.Sin(item.Value.AsReal() + item.Key.Length));
        return size == 64 && sum < -1 ? [double.NaN] : [Math.Log(size) + sum, size - sum];
    }
}
