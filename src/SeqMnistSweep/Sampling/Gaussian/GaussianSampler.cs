using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Sobol;

namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>Bayesian optimisation with a Gaussian process and the log of the expected improvement, for small budgets: the time for a
/// proposal grows with the square of the results, so of many only the best and the latest are looked at. Open configurations count as if
/// their loss were the one expected (the kriging believer, Ginsbourger 2010).</summary>
internal sealed class GaussianSampler(SearchSpace space, long seed) : ISampler
{
    /// <summary>Results that the process is made of at most.</summary>
    private const int MaxPoints = 250;

    private readonly AxisSpace _space = new(space);
    private readonly GaussianResults _results = new(new AxisSpace(space));
    private readonly FailureModel _failures = new(new AxisSpace(space));

    private int Startup => Math.Clamp(_space.Axes.Length + 2, 4, 10);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var results = _results.Of(history, MaxPoints);
        var random = new SplitMix64(RandomSeed.Derive(seed, "gp", cursor));
        if (results.Count < 2 || results.Count + history.Open.Count < Startup || _space.Axes.Length == 0)
        {
            return Start(cursor, ref random, results.Count);
        }

        _failures.Read(history);
        var model = new GaussianModel(
            _results, results, [.. history.Open.Select(number => _results.Memory.UnitsOf(history, number))], _failures);
        var made = double.IsInfinity(_space.Points)
            ? null
            : history.Configurations.Select(known => _space.KeyOf(_results.Memory.UnitsOf(history, known.Configuration))).ToHashSet();
        if (new GaussianClimb(_space, model, made).Best(ref random) is not { } best) return Start(cursor, ref random, results.Count);

        var origin = string.Create(
            CultureInfo.InvariantCulture,
            $"gp: the largest expected improvement over {results.Min(result => result.Loss):G6}, known from {results.Count} results; "
                + $"{history.Open.Count} open");
        return _space.Proposed(best, cursor, 0, origin) with { ExpectedImprovement = model.Improvement(best) };
    }

    private Proposal? Start(long cursor, ref SplitMix64 random, int results)
    {
        var units = new double[_space.Axes.Length];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = i < SobolSequence.MaxDimensions ? SobolSequence.Scrambled(cursor, i, seed) : random.NextUnit();
        }

        var misses = 0;
        if (_space.Feasible(units) is null)
        {
            if (_space.Draw(ref random, units) is not { } drawn) return null;

            misses = drawn + 1;
        }

        return _space.Proposed(units, cursor, misses, $"gp: spread evenly, for {results} results are too few for a model");
    }
}
