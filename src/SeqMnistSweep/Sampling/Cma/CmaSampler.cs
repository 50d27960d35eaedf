using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Cma;

/// <summary>CMA-ES over the history: configurations form generations by their numbers, whichever ends first, and a generation is learned
/// from when all of it and of those before has ended; until then proposals come from the state before. Restarts with twice the population
/// when the steps have become too small to matter (IPOP, Auger 2005).</summary>
internal sealed class CmaSampler(SearchSpace space, long seed) : ISampler
{
    /// <summary>Even draws before the first and after each restart; the search starts at the middle of their best.</summary>
    private const int Even = 20;
    private const int EvenBest = 4;
    private const double FirstSigma = 0.15;
    private const double SmallestReach = 1e-6;
    private const int Tries = 100;

    /// <summary>Draws of which one is proposed, once a local model can tell them apart.</summary>
    private const int Prescreened = 6;

    private readonly AxisSpace _space = new(space);
    private readonly List<(double[] Units, double Loss)> _learned = [];
    private readonly HashSet<ulong> _keys = [];
    private CmaState? _state;
    private (int Of, LocalQuadratic? Model)? _model;   // of how many results
    private int _read;
    private int _restarts;

    /// <summary>Hansen's default.</summary>
    private int Population => Math.Max(4, 4 + (int)(3 * Math.Log(Math.Max(1, _space.Axes.Length)))) << _restarts;

    private int Generation => _state?.Population ?? Even;

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        Read(history);
        var random = new SplitMix64(RandomSeed.Derive(seed, "cmaes", cursor));
        Span<double> units = stackalloc double[_space.Axes.Length];
        if (_state is not null && Promising(_state, ref random, units))
        {
            var origin = string.Create(
                CultureInfo.InvariantCulture,
                $"cmaes: {(_restarts > 0 ? $"restart {_restarts}, " : "")}from the distribution learned of {_learned.Count} results, "
                    + $"deviations {_state.Reach.Shortest:0.####} to {_state.Reach.Longest:0.####} of the range");
            return _space.Proposed(units, cursor, 0, origin);
        }

        return _space.Random(ref random, cursor, _state is null
            ? $"cmaes: random draw, one of the {Even} that show where to start"
            : "cmaes: random draw, for nothing new was feasible around the mean");
    }

    /// <summary>Of a few draws the one that the results around promise most of, where there are enough of them.</summary>
    private bool Promising(CmaState state, ref SplitMix64 random, Span<double> best)
    {
        if (_model?.Of != _learned.Count)
        {
            _model = (
                _learned.Count, LocalQuadratic.Fit(best.Length, _learned.Select(result => (state.Coordinates(result.Units), result.Loss))));
        }

        var model = _model?.Model;
        Span<double> units = stackalloc double[best.Length];
        var found = 0;
        var least = double.PositiveInfinity;
        for (var tries = 0; tries < Tries && found < (model is null ? 1 : Prescreened); tries++)
        {
            state.Draw(ref random, units);
            if (!KeepInside(units, tries) || _space.Feasible(units) is null || IsRepeated(units)) continue;

            found++;
            var expected = model?.At(state.Coordinates(units)) ?? 0;
            if (expected < least)
            {
                least = expected;
                units.CopyTo(best);
            }
        }

        return found > 0;
    }

    private bool IsRepeated(ReadOnlySpan<double> units) => !double.IsInfinity(_space.Points) && _keys.Contains(_space.KeyOf(units));

    /// <summary>Draws again while outside, and at last takes the nearest point inside.</summary>
    private static bool KeepInside(Span<double> units, int tries)
    {
        foreach (ref var unit in units)
        {
            if (unit is < 0 or > 1)
            {
                if (tries < Tries / 2) return false;

                unit = Math.Clamp(unit, 0, 1);
            }
        }

        return true;
    }

    private void Read(SearchHistory history)
    {
        for (; _read < history.Log.Count; _read++)
        {
            var number = history.Log[_read];
            _keys.Add(_space.KeyOf(_space.UnitsOf(history.Configurations[number - 1].Parameters)));
            if (number <= _learned.Count && LossOf(history.Configurations[number - 1]) is var loss
                && !loss.Equals(_learned[number - 1].Loss))
            {
                // What was learned has changed, by a retry or further seeds: learn it all again.
                _learned.Clear();
                _state = null;
                _model = null;
                _restarts = 0;
            }
        }

        while (_space.Axes.Length > 0 && history.Configurations.Count >= _learned.Count + Generation
            && Enumerable.Range(_learned.Count, Generation).All(i => !history.Configurations[i].IsOpen))
        {
            var generation = Enumerable.Range(_learned.Count, Generation)
                .Select(i => (Units: _space.UnitsOf(history.Configurations[i].Parameters), Loss: LossOf(history.Configurations[i])))
                .ToList();
            _learned.AddRange(generation);
            Learn([.. generation.OrderBy(point => point.Loss).Select(point => point.Units)]);
        }
    }

    private void Learn(IReadOnlyList<double[]> bestFirst)
    {
        if (_state is null)
        {
            var mean = Enumerable.Range(0, _space.Axes.Length).Select(
                i => bestFirst.Take(EvenBest).Average(units => double.IsNaN(units[i]) ? 0.5 : units[i]));
            _state = new CmaState([.. mean], FirstSigma, Population);
            return;
        }

        _state.Learn(bestFirst);
        if (_state.Reach.Longest < SmallestReach)
        {
            _restarts = Math.Min(_restarts + 1, 6);
            _state = null;
        }
    }

    private static double LossOf(Observation known) =>
        known.State != ObservationState.Failed && known.Loss is { } loss && double.IsFinite(loss) ? loss : double.PositiveInfinity;
}
