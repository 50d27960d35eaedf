using SeqMnistSweep.Importance;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Importance;

public sealed class ImportanceEstimateTests
{
    private const string Space = """
        program: ask
        method: random
        run_cap: 1
        metric: {name: loss}
        parameters:
          x: {min: 0.0, max: 1.0}
          rate: {distribution: log_uniform_values, min: 0.00001, max: 0.1}
          kind: {values: [a, b, c]}
          nothing: {min: 0.0, max: 1.0}
          fixed: {value: 3}
        """;

    [Fact]
    public void What_decides_comes_first_and_what_has_no_say_last()
    {
        var shares = Of(point => Math.Pow(Real(point, "x") - 0.3, 2) + (0.01 * Math.Pow(Math.Log10(Real(point, "rate")) + 3, 2)));
        Assert.Equal(["x", "rate"], shares.Take(2).Select(item => item.Name));
        Assert.DoesNotContain(shares, item => item.Name == "fixed");
        Assert.True(shares[0].Share > 0.5, string.Join(' ', shares));
        Assert.True(shares.Single(item => item.Name == "nothing").Share < 0.1, string.Join(' ', shares));
        Assert.Equal(1, shares.Where(item => !item.IsNoise).Sum(item => item.Share), 9);
        Assert.All(shares, item => Assert.True(item.Low <= item.Share && item.Share <= item.High, $"{item}"));
        Assert.Equal([false, true, true], new[] { "x", "kind", "nothing" }.Select(name => shares.Single(item => item.Name == name).IsNoise));
    }

    [Fact]
    public void Of_pure_noise_hardly_any_parameter_is_told_from_it()
    {
        var told = Enumerable.Range(0, 20).SelectMany(round =>
        {
            var random = new Random(round);
            return Of(_ => random.NextDouble(), count: 60 + (10 * round), seed: round);
        }).Count(item => !item.IsNoise);
        Assert.InRange(told, 0, 4); // of 80
    }

    [Fact]
    public void The_same_points_give_the_same_answer() => Assert.Equal(Of(point => Real(point, "x")), Of(point => Real(point, "x")));

    [Fact]
    public void A_rate_matters_by_its_logarithm() =>
        Assert.Equal("rate", Of(point => Math.Abs(Math.Log(Real(point, "rate") / 0.001)))[0].Name);

    [Fact]
    public void A_category_matters_as_well_as_a_number() => Assert.Equal("kind", Of(point => point["kind"]!.AsText() == "b" ? 0 : 1)[0].Name);

    [Fact]
    public void Maximising_is_minimising_the_negative()
    {
        static double Loss(ParameterSet point) => Math.Abs(Real(point, "x") - 0.3);
        Assert.Equal(Of(Loss), Of(point => -Loss(point), maximize: true));
    }

    [Fact]
    public void Where_all_are_equally_good_nothing_matters() => Assert.All(Of(_ => 1), item => Assert.Equal((0, true), (item.Share, item.IsNoise)));

    [Fact]
    public void Too_few_or_values_that_are_no_numbers_say_nothing()
    {
        Assert.Empty(Of(point => Real(point, "x"), count: ImportanceEstimate.Fewest - 1));
        Assert.Empty(Of(_ => double.NaN));
    }

    [Fact]
    public void A_conditional_parameter_is_judged_where_it_exists()
    {
        var space = Sweeps.Valid("""
            program: ask
            method: random
            run_cap: 1
            metric: {name: loss}
            parameters:
              optimizer: {values: [adam, sgd]}
              momentum: {min: 0.0, max: 1.0, when: {optimizer: sgd}}
            """).Space;
        var points = Draws(space, 400).Select(point => (point, point["momentum"] is { } momentum ? Math.Abs(momentum.AsReal() - 0.9) : 0.5)).ToList();
        Assert.True(ImportanceEstimate.Of(space, points, maximize: false).Single(item => item.Name == "momentum").Share > 0.5);
    }

    private static double Real(ParameterSet point, string name) => point[name]!.AsReal();

    private static IReadOnlyList<ParameterImportance> Of(Func<ParameterSet, double> loss, bool maximize = false, int count = 400, int seed = 0)
    {
        var space = Sweeps.Valid(Space).Space;
        return ImportanceEstimate.Of(space, [.. Draws(space, count, seed).Select(point => (point, loss(point)))], maximize);
    }

    private static IEnumerable<ParameterSet> Draws(SearchSpace space, int count, int seed = 0)
    {
        var sampler = new RandomSampler(space, seed);
        for (var cursor = 0L; count > 0 && sampler.Propose(cursor, new SearchHistory()) is { } proposal; cursor = proposal.NextCursor, count--)
        {
            yield return proposal.Parameters;
        }
    }
}
