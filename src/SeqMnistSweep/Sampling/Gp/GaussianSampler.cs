using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Gaussian;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Sampling.Sobol;
using SeqMnistSweep.Sampling.Transfer;

namespace SeqMnistSweep.Sampling.Gp;

/// <summary>Bayesian optimisation with a Gaussian process and the log of the expected improvement, for small budgets: the time for a
/// proposal grows with the square of the results, so of many only the best and the latest are looked at. Open configurations count as if
/// their loss were the one expected (the kriging believer, Ginsbourger 2010). What the sources of a prior expect, as far as they are
/// trusted, is the process's mean.</summary>
internal sealed class GaussianSampler(SearchSpace space, long seed, SearchPrior prior) : ISampler
{
    /// <summary>Results that the process is made of at most.</summary>
    private const int MaxPoints = 250;

    /// <summary>A prior that is trusted less is as none.</summary>
    private const double LeastTrust = 0.1;

    /// <summary>One in so many of the first proposals looks elsewhere than the prior, the very first among them: that shows whether the
    /// prior is right.</summary>
    private const int EvenTurn = 2;

    private readonly AxisSpace _space = new(space);
    private readonly GaussianResults _results = new(new AxisSpace(space));
    private readonly FailureModel _failures = new(new AxisSpace(space));
    private readonly TransferPrior _prior = new(new AxisSpace(space), prior);

    private int Startup => Math.Clamp(_space.Axes.Length, 4, 10);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var results = _results.Of(history, MaxPoints);
        var random = new SplitMix64(RandomSeed.Derive(seed, "gp", cursor));
        _prior.Read(results.Select(result => (result.Number, result.Loss)), number => _results.Memory.UnitsOf(history, number));
        var isStart = results.Count + history.Open.Count < Startup;
        var isLed = isStart && cursor % EvenTurn != 0 && _prior.Weights.Trust >= LeastTrust;
        if (isLed && results.Count < 2) return Led(cursor, history) ?? Start(cursor, ref random, results.Count);

        if (results.Count < 2 || (isStart && !isLed) || _space.Axes.Length == 0) return Start(cursor, ref random, results.Count);

        _failures.Read(history);
        var model = new GaussianModel(
            _results, results, [.. history.Open.Select(number => _results.Memory.UnitsOf(history, number))], _failures, Expected(results));
        var made = double.IsInfinity(_space.Points)
            ? null
            : history.Configurations.Select(known => _space.KeyOf(_results.Memory.UnitsOf(history, known.Configuration))).ToHashSet();
        if (new GaussianClimb(_space, model, made).Best(ref random) is not { } best) return Start(cursor, ref random, results.Count);

        var origin = string.Create(
            CultureInfo.InvariantCulture,
            $"gp: the largest expected improvement over {results.Min(result => result.Loss):G6}, known from {results.Count} results; "
                + $"{history.Open.Count} open{Trusted()}");
        return _space.Proposed(best, cursor, 0, origin) with { ExpectedImprovement = model.Improvement(best) };
    }

    private string Trusted() => _prior.Count == 0 ? ""
        : _prior.Weights.Trust < LeastTrust ? "; the prior is trusted no more"
        : string.Create(
            CultureInfo.InvariantCulture, $"; the prior's {_prior.Count} configurations are trusted by {_prior.Weights.Trust:0.00}");

    /// <summary>What the prior expects, from the mean of what it expects of the results.</summary>
    private Func<double[], double> Expected(List<GaussianResult> results)
    {
        if (_prior.Weights.Trust < LeastTrust) return _ => 0;

        var mean = results.Average(result => _prior.At(result.Units));
        return units => _prior.At(units) - mean;
    }

    /// <summary>The best place of the prior that nobody has tried.</summary>
    private Proposal? Led(long cursor, SearchHistory history)
    {
        var tried = history.Configurations.Select(known => _space.KeyOf(_results.Memory.UnitsOf(history, known.Configuration))).ToHashSet();
        foreach (var point in _prior.Ranked())
        {
            var units = _prior.UnitsOf(point);
            if (!tried.Contains(_space.KeyOf(units)) && _space.Feasible([.. units]) is not null)
            {
                return _space.Proposed([.. units], cursor, 0, $"gp: what the prior thinks best of {_prior.Count} configurations");
            }
        }

        return null;
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
