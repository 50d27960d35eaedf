using SeqMnistSweep.Fronts;
using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>A sweep's history as TPE sees it: the good configurations and all others, brought up to date by what has changed. Open ones
/// count as not good until they end (the constant liar; see <see cref="TpeSampler"/> for its weight), failed ones for ever; cancelled ones
/// do not count. In a sweep with a pruner the losses compared are those of the longest budget for which there are enough (BOHB, Falkner
/// 2018); who did not get that far is not good.
/// <para>
/// Of several metrics the good are the first by fronts, in the manner of MOTPE (Ozaki 2020): who is dominated by nobody, then who is by these
/// alone, and of the front that is too large those whose neighbours are far apart.
/// </para>
/// </summary>
internal sealed class TpeModel
{
    /// <summary>Kernels of the others at most; of more a sample is taken by their numbers' hash.</summary>
    public const int MaxOthers = 1000;

    /// <summary>Results to wait for: the model is not made of fewer, nor are losses of a longer budget compared.</summary>
    public const int Startup = 10;

    /// <summary>How many are good: a fifth. More than Optuna's tenth, for the kernels of the good are weighted by rank.</summary>
    private const double GoodShare = 0.2;
    private const int MaxGood = 25;

    /// <summary>Of several metrics the good have their places as losses, all others this one.</summary>
    private const double Unplaced = double.MaxValue;

    private readonly AxisSpace _space;
    private readonly int _metrics;
    private readonly List<double[]> _units = [];
    private readonly List<Standing> _standings = [];
    private readonly SortedSet<(double Loss, int Number)> _good = [];
    private readonly SortedSet<(double Loss, int Number)> _ranked = [];   // not good
    private readonly ComparedBudget _budgets;
    private readonly int[] _othersByZeros = new int[65];
    private readonly HashSet<ulong> _keys = [];
    private int _read;
    private int _level;
    private int _budget = int.MaxValue;

    /// <param name="metrics">How many.</param>
    public TpeModel(AxisSpace space, SearchPrior prior, int metrics = 1)
    {
        _space = space;
        _metrics = metrics;
        _budgets = new ComparedBudget(Math.Max(Startup, space.Axes.Length + 2));
        Tables = new KernelTables(space);
        Others = new KernelSet(space, Tables);
        Prior = new TpePrior(space, prior, GoodShare, MaxGood);
        AddPrior();
    }

    public KernelTables Tables { get; }

    /// <summary>The others, those of the prior included.</summary>
    public KernelSet Others { get; }

    /// <summary>Never among <see cref="Good"/>, <see cref="Ranked"/> or what <see cref="IsMade"/>: it may be tried again.</summary>
    public TpePrior Prior { get; }

    /// <summary>Best first.</summary>
    public IReadOnlyCollection<(double Loss, int Number)> Good => _good;

    /// <summary>Configurations with a loss at the budget.</summary>
    public int Ranked => _good.Count + _ranked.Count;

    /// <summary>Epochs after which losses are compared; the largest integer for completed trials.</summary>
    public int Budget => _budget;

    /// <summary>Whether there are several metrics.</summary>
    public bool ComparesFronts => _metrics > 1;

    public double[] UnitsOf(int number) => number < 0 ? Prior.UnitsOf(number) : _units[number - 1];

    /// <summary>How many of <see cref="Others"/> are the sweep's own.</summary>
    public int OwnOthers => Others.Count - Prior.Others.Length;

    /// <summary>Whether a configuration with this <see cref="AxisSpace.KeyOf"/> was made before.</summary>
    public bool IsMade(ulong key) => _keys.Contains(key);

    public void Read(SearchHistory history)
    {
        for (; _read < history.Log.Count; _read++)
        {
            Update(history, history.Log[_read]);
        }

        var budget = _budgets.Choose();
        if (budget != _budget)
        {
            _budget = budget;
            for (var number = 1; number <= _standings.Count; number++)
            {
                Place(number, StandingOf(history.Configurations[number - 1]));
            }
        }

        if (ComparesFronts)
        {
            PlaceByFronts(history);
        }

        Balance();
        if (Prior.Read(Results().OrderBy(result => result.Number), UnitsOf))
        {
            while (Others.Count > 0 && Others.NumberOf(0) < 0)
            {
                Others.Remove(Others.NumberOf(0));
            }

            AddPrior();
        }
    }

    private IEnumerable<(int Number, double Loss)> Results() =>
        _good.Concat(_ranked).Select(result => (result.Number, result.Loss));

    private void AddPrior()
    {
        foreach (var number in Prior.Others)
        {
            Others.Add(number, Prior.UnitsOf(number));
        }
    }

    private void Update(SearchHistory history, int number)
    {
        var known = history.Configurations[number - 1];
        if (number > _units.Count)
        {
            var units = _space.UnitsOf(known.Parameters);
            _units.Add(units);
            _standings.Add(default);
            _keys.Add(_space.KeyOf(units));
        }

        var before = _standings[number - 1];
        _budgets.Count(before, -1);
        var now = StandingOf(known);
        _budgets.Count(now, 1);
        Place(number, now);
    }

    private void Place(int number, Standing now)
    {
        var before = _standings[number - 1];
        _standings[number - 1] = now;
        if (before.Loss is { } old && _good.Remove((old, number)))
        {
            // Its kernel is not among the others.
        }
        else if (before.Counts)
        {
            if (before.Loss is { } rank)
            {
                _ranked.Remove((rank, number));
            }

            RemoveOther(number);
        }

        if (!now.Counts) return;

        if (now.Loss is { } loss && _good.Count > 0 && (loss, number).CompareTo(_good.Max) < 0)
        {
            _good.Add((loss, number));
            return;
        }

        if (now.Loss is { } other)
        {
            _ranked.Add((other, number));
        }

        AddOther(number);
    }

    private Standing StandingOf(Observation known)
    {
        var standing = Standing.Of(known, _budget);
        return !ComparesFronts || standing.Loss is null ? standing
            : standing with { Loss = LossesOf(known)?.Length == _metrics ? Unplaced : null };
    }

    /// <summary>Of several metrics, at the budget.</summary>
    private double[]? LossesOf(Observation known) =>
        _budget == int.MaxValue || known.Curve.IsEmpty ? [.. known.Losses] : known.LossesWithin(_budget);

    private void PlaceByFronts(SearchHistory history)
    {
        var ranked = _good.Concat(_ranked).Select(entry => entry.Number).Order().ToList();
        var losses = ranked.ConvertAll(number => Pareto.Comparable(LossesOf(history.Configurations[number - 1])!));
        var best = Pareto.Best(losses, GoodOf(Ranked)).ConvertAll(point => ranked[point.Index]);
        foreach (var number in _good.Select(entry => entry.Number).Except(best).ToList())
        {
            Place(number, _standings[number - 1] with { Loss = Unplaced });
        }

        for (var place = 0; place < best.Count; place++)
        {
            Place(best[place], _standings[best[place] - 1] with { Loss = place });
        }
    }

    private void Balance()
    {
        var wanted = Math.Min(GoodOf(Ranked), Ranked);
        while (_good.Count > wanted)
        {
            var worst = _good.Max;
            _good.Remove(worst);
            _ranked.Add(worst);
            AddOther(worst.Number);
        }

        while (_good.Count < wanted)
        {
            var best = _ranked.Min;
            _ranked.Remove(best);
            _good.Add(best);
            RemoveOther(best.Number);
        }
    }

    private static int GoodOf(int n) => Math.Min(MaxGood, (int)Math.Ceiling(GoodShare * n));

    private static int ZerosOf(int number) => System.Numerics.BitOperations.TrailingZeroCount(RandomSeed.Mix((ulong)number));

    private void AddOther(int number)
    {
        var zeros = ZerosOf(number);
        _othersByZeros[zeros]++;
        if (zeros >= _level)
        {
            Others.Add(number, _units[number - 1]);
        }

        while (OwnOthers > MaxOthers)
        {
            _level++;
            for (var i = Others.Count - 1; i >= Prior.Others.Length; i--)
            {
                if (ZerosOf(Others.NumberOf(i)) < _level)
                {
                    Others.Remove(Others.NumberOf(i));
                }
            }
        }
    }

    private void RemoveOther(int number)
    {
        var zeros = ZerosOf(number);
        _othersByZeros[zeros]--;
        if (zeros >= _level)
        {
            Others.Remove(number);
        }

        // So that the sample depends on who is there alone, not on who was.
        if (_level > 0 && OwnOthers + _othersByZeros[_level - 1] <= MaxOthers)
        {
            _level--;
            for (var other = 1; other <= _standings.Count; other++)
            {
                if (other != number && ZerosOf(other) == _level && _standings[other - 1].Counts
                    && !(_standings[other - 1].Loss is { } loss && _good.Contains((loss, other))))
                {
                    Others.Add(other, _units[other - 1]);
                }
            }
        }
    }
}
