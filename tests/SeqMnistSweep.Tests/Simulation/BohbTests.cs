using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Simulation;
using Xunit.Abstractions;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>
/// TPE within Hyperband (Falkner 2018), on recorded curves: what TPE proposes gives way to the nearest configuration that is recorded and not
/// taken yet, so it is a coarse picture of a search that may go anywhere; random search draws from the same table.
/// </summary>
public sealed class BohbTests(ITestOutputHelper output)
{
    private const int Orders = 30;
    private const string Hyperband = "early_terminate: {type: asha, mode: promotion, max_epochs: 9, eta: 3, brackets: 3}";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Bohb_loses_less_than_random_search_with_as_many_epochs(int seed)
    {
        var (bohb, random) = (Regrets("bayes", Hyperband, seed), Regrets("random", "", seed));
        output.WriteLine($"mean regret of BOHB {bohb.Average():0.0000} (median {bohb.Order().ElementAt(Orders / 2):0.0000}), of random search {random.Average():0.0000} ({random.Order().ElementAt(Orders / 2):0.0000})");
        Assert.True(bohb.Average() < random.Average() / 2, $"BOHB {bohb.Average()}, random {random.Average()}");
    }

    [Fact]
    public void The_model_is_worth_something_within_Hyperband()
    {
        var (bohb, hyperband) = (Regrets("bayes", Hyperband, 1).Concat(Regrets("bayes", Hyperband, 2)).Average(), Regrets("random", Hyperband, 1).Concat(Regrets("random", Hyperband, 2)).Average());
        output.WriteLine($"mean regret with TPE {bohb:0.0000}, without {hyperband:0.0000}");
        Assert.True(bohb < hyperband, $"with TPE {bohb}, without {hyperband}");
    }

    /// <summary>With a tenth of the epochs of the whole table, for each of thirty sampler seeds.</summary>
    private static List<double> Regrets(string method, string pruner, int seed)
    {
        var curves = RealCurves.Of(seed);
        return [.. Enumerable.Range(0, Orders).Select(order =>
        {
            var definition = RealCurves.Definition(pruner) with { Method = method, SamplerSeed = order, Seeds = new SeedPlan(1, seed) };
            var result = new SweepSimulation(definition, curves, 1, new NearestRecorded(definition, SamplerCatalog.Create(definition)), curves.Length * RealCurves.Epochs / 10).Run();
            return RealCurves.Best(curves) - result.Epochs.Max(epoch => epoch.Value);
        })];
    }

    /// <summary>Draws 1 to 128 of the recorded sweep, which depend on nothing but its file.</summary>
    private static ImmutableArray<ParameterSet> Points(SweepDefinition definition)
    {
        var recorded = SamplerCatalog.Create(RealCurves.Definition());
        var points = ImmutableArray.CreateBuilder<ParameterSet>();
        for (var cursor = 0L; points.Count < definition.RunCap; )
        {
            var proposal = recorded.Propose(cursor, new SearchHistory())!;
            points.Add(proposal.Parameters);
            cursor = proposal.NextCursor;
        }

        return points.ToImmutable();
    }

    private sealed class NearestRecorded(SweepDefinition definition, ISampler sampler) : ISampler
    {
        private readonly ImmutableArray<ParameterSet> _points = Points(definition);
        private readonly HashSet<int> _taken = [];

        public Proposal? Propose(long cursor, SearchHistory history)
        {
            if (_taken.Count == _points.Length || sampler.Propose(cursor, history) is not { } wish)
            {
                return null;
            }

            var nearest = Enumerable.Range(0, _points.Length).Where(i => !_taken.Contains(i)).MinBy(i => Distance(_points[i], wish.Parameters));
            _taken.Add(nearest);
            return wish with { Parameters = _points[nearest].With(ReplaySampler.Recorded, ParameterValue.Of((long)nearest)) };
        }

        private double Distance(ParameterSet one, ParameterSet other) => definition.Space.Dimensions
            .Where(dimension => dimension.Distribution.Varies)
            .Sum(dimension => Math.Pow(Place(dimension, one) - Place(dimension, other), 2));

        private static double Place(Dimension dimension, ParameterSet point) => dimension.Distribution switch
        {
            Categorical { Values: var values } => (double)values.IndexOf(point[dimension.Name]!) / (values.Length - 1),
            LogUniformValues(var min, var max) => Math.Log(point[dimension.Name]!.AsReal() / min) / Math.Log(max / min),
            Uniform(var min, var max) => (point[dimension.Name]!.AsReal() - min) / (max - min),
            IntegerUniform(var min, var max) => (point[dimension.Name]!.AsReal() - min) / (max - min),
            var other => throw new NotSupportedException(other.Name),
        };
    }
}
