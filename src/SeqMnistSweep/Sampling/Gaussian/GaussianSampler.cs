using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Sobol;

namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>Bayesian optimisation with a Gaussian process and the log of the expected improvement, for small budgets: the time for a
/// proposal grows with the square of the results, so of many only the best and the latest are looked at. Open configurations count as if
/// their loss were the one expected (the kriging believer, Ginsbourger 2010).</summary>
internal sealed class GaussianSampler(SearchSpace space, long seed) : ISampler
{
    private const int MaxPoints = 250;
    private const int Even = 500;
    private const int Climbs = 4;
    private const int ClimbSteps = 80;

    private readonly AxisSpace _space = new(space);
    private readonly Dictionary<int, double[]> _units = [];
    private (List<(int Number, double Loss)> Of, double[] Logs)? _fitted;

    private int Startup => Math.Clamp(_space.Axes.Length + 2, 4, 10);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var results = Results(history);
        var random = new SplitMix64(RandomSeed.Derive(seed, "gp", cursor));
        if (results.Count < 2 || results.Count + history.Open.Count < Startup || _space.Axes.Length == 0)
        {
            return Start(cursor, ref random, results.Count);
        }

        var model = new Model(this, results, [.. history.Open.Select(number => UnitsOf(history, number))]);
        var made = double.IsInfinity(_space.Points)
            ? null
            : history.Configurations.Select(known => _space.KeyOf(UnitsOf(history, known.Configuration))).ToHashSet();
        if (Climb(model, made, ref random) is not { } best) return Start(cursor, ref random, results.Count);

        var origin = string.Create(
            CultureInfo.InvariantCulture,
            $"gp: the largest expected improvement over {results.Min(result => result.Loss):G6}, expected "
                + $"{model.Expected(best.Units):G6}, known from {results.Count} results; {history.Open.Count} open");
        return _space.Proposed(best.Units, cursor, 0, origin);
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

    /// <summary>Climbs the expected improvement from the best of many places, in steps that shrink where they do not help.</summary>
    private (double[] Units, double Score)? Climb(Model model, HashSet<ulong>? made, ref SplitMix64 random)
    {
        var starts = new List<(double[] Units, double Score)>();
        for (var i = 0; i < Even; i++)
        {
            var units = new double[_space.Axes.Length];
            for (var k = 0; k < units.Length; k++)
            {
                units[k] = random.NextUnit();
            }

            Judge(units);
        }

        foreach (var good in model.Best)
        {
            foreach (var scale in (ReadOnlySpan<double>)[0.2, 0.1, 0.05, 0.02, 0.01, 0.003])
            {
                Judge(Near(good, scale, ref random));
                Judge(Near(good, scale, ref random));
            }
        }

        (double[] Units, double Score)? best = null;
        foreach (var start in starts.OrderByDescending(start => start.Score).Take(Climbs).ToList())
        {
            var here = start;
            var scale = 0.1;
            for (var step = 0; step < ClimbSteps; step++)
            {
                starts.Clear();
                Judge(Near(here.Units, scale, ref random));
                if (starts.Count > 0 && starts[0].Score > here.Score)
                {
                    here = starts[0];
                    scale = Math.Min(0.3, scale * 1.5);
                }
                else
                {
                    scale = Math.Max(1e-4, scale * 0.85);
                }
            }

            best = best is null || here.Score > best.Value.Score ? here : best;
        }

        return best;

        void Judge(double[] units)
        {
            Snap(units);
            if (_space.Feasible(units) is not null && made?.Contains(_space.KeyOf(units)) != true)
            {
                starts.Add((units, model.Score(units)));
            }
        }
    }

    private double[] Near(double[] units, double scale, ref SplitMix64 random)
    {
        var near = new double[units.Length];
        for (var i = 0; i < near.Length; i++)
        {
            var from = double.IsNaN(units[i]) ? random.NextUnit() : units[i];
            var reach = Math.Max(scale, 0.5 / Math.Max(1, _space.Axes[i].Cells == 0 ? 1e9 : _space.Axes[i].Cells));
            near[i] = _space.Axes[i].IsOrdered ? Reflect(from + (reach * Quantiles.Normal(random.NextUnit())))
                : random.NextUnit() < scale + (1.0 / near.Length) ? random.NextUnit() : from;
        }

        return near;
    }

    private static double Reflect(double unit) => Math.Clamp(unit < 0 ? -unit : unit > 1 ? 2 - unit : unit, 0, 1);

    private void Snap(double[] units)
    {
        for (var i = 0; i < units.Length; i++)
        {
            var axis = _space.Axes[i];
            units[i] = axis.Cells > 0 ? axis.Middle(axis.CellAt(units[i])) : units[i];
        }
    }

    private double[] UnitsOf(SearchHistory history, int number)
    {
        if (!_units.TryGetValue(number, out var units))
        {
            _units[number] = units = _space.UnitsOf(history.Configurations[number - 1].Parameters);
        }

        return units;
    }

    /// <summary>By number; a failed one counts as the worst that was seen.</summary>
    private List<(int Number, double Loss, double[] Units)> Results(SearchHistory history)
    {
        var ended = history.Configurations.Where(known => !known.IsOpen && known.State != ObservationState.Cancelled).ToList();
        var finite = ended.Where(known => known.Loss is { } loss && double.IsFinite(loss)).ToList();
        if (finite.Count == 0) return [];

        var worst = finite.Max(known => known.Loss!.Value);
        var chosen = ended.Count <= MaxPoints
            ? ended
            : ended.TakeLast(MaxPoints / 2)
                .Concat(finite.OrderBy(known => known.Loss).ThenBy(known => known.Configuration).Take(MaxPoints / 2)).Distinct()
                .OrderBy(known => known.Configuration).ToList();
        return [.. chosen.Select(known =>
            (known.Configuration, known.Loss is { } loss && double.IsFinite(loss) ? loss : worst, UnitsOf(history, known.Configuration)))];
    }

    /// <summary>The place on each axis as the process takes it: who has none on an ordered one is in its middle.</summary>
    private double[] Places(ReadOnlySpan<double> units)
    {
        var places = new double[units.Length];
        for (var i = 0; i < units.Length; i++)
        {
            var (axis, none) = (_space.Axes[i], double.IsNaN(units[i]));
            places[i] = axis.IsOrdered ? (none ? 0.5 : units[i]) : none ? -1 : axis.CellAt(units[i]);
        }

        return places;
    }

    /// <summary>Hyperparameters of the first results: of all while they are few, then of nine tenths or more, to save time.</summary>
    private double[] Hyperparameters(List<(int Number, double Loss, double[] Units)> results, bool[] ordered)
    {
        var count = results.Count;
        if (count > 40)
        {
            count = 40;
            while (count + (count / 10) <= results.Count)
            {
                count += count / 10;
            }
        }

        var used = results.Take(count).ToList();
        var key = used.Select(result => (result.Number, result.Loss)).ToList();
        if (_fitted is not { } known || !known.Of.SequenceEqual(key))
        {
            var (mean, deviation) = Scale(used);
            _fitted = known = (
                key,
                GaussianProcess.Fit(
                    [.. used.Select(result => Places(result.Units))], ordered,
                    [.. used.Select(result => (Squeeze(used, result.Loss) - mean) / deviation)]));
        }

        return known.Logs;
    }

    /// <summary>Losses far worse than most are drawn in: how bad they are says nothing of where the best is.</summary>
    private static double Squeeze(List<(int Number, double Loss, double[] Units)> results, double loss)
    {
        var sorted = results.Select(result => result.Loss).Order().ToList();
        var median = sorted[sorted.Count / 2];
        var spread = median - sorted[0];
        return spread > 0 && loss > median + spread ? median + spread + (spread * Math.Log(1 + ((loss - median - spread) / spread))) : loss;
    }

    private static (double Mean, double Deviation) Scale(List<(int Number, double Loss, double[] Units)> results)
    {
        var losses = results.Select(result => Squeeze(results, result.Loss)).ToList();
        var mean = losses.Average();
        var deviation = Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / losses.Count);
        return (mean, deviation > 0 ? deviation : 1);
    }

    private sealed class Model
    {
        private readonly GaussianSampler _sampler;
        private readonly GaussianProcess _process;
        private readonly double _mean;
        private readonly double _deviation;
        private readonly double _best;

        public Model(GaussianSampler sampler, List<(int Number, double Loss, double[] Units)> results, List<double[]> open)
        {
            _sampler = sampler;
            bool[] ordered = [.. sampler._space.Axes.Select(axis => axis.IsOrdered)];
            var logs = sampler.Hyperparameters(results, ordered);
            (_mean, _deviation) = Scale(results);
            var points = results.Select(result => sampler.Places(result.Units)).ToList();
            var values = results.Select(result => (Squeeze(results, result.Loss) - _mean) / _deviation).ToList();
            _process = new GaussianProcess([.. points], ordered, [.. values], logs);
            _best = values.Min();
            Best = [.. results.OrderBy(result => result.Loss).ThenBy(result => result.Number).Take(8).Select(result => result.Units)];
            if (open.Count > 0)
            {
                var believed = open.Select(units => _process.At(sampler.Places(units)).Mean).ToList();
                _process = new GaussianProcess(
                    [.. points, .. open.Select(units => sampler.Places(units))], ordered, [.. values, .. believed], logs);
            }
        }

        public List<double[]> Best { get; }

        public double Score(double[] units)
        {
            var (mean, deviation) = _process.At(_sampler.Places(units));
            return ExpectedImprovement.Log(mean, deviation, _best);
        }

        public double Expected(double[] units) => _mean + (_deviation * _process.At(_sampler.Places(units)).Mean);
    }
}
