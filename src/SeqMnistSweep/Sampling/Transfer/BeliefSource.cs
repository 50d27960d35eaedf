using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Transfer;

/// <summary>What somebody expects of parameters, as one source of a prior more: places that are likely by it and places that are spread
/// evenly, and how likely any place is. On a range a normal density in the cube of quantiles (as in PriorBand, Mallik 2023, and
/// HyperMapper), on a list the centre is so many times as likely as another value.</summary>
internal sealed class BeliefSource
{
    private const int Points = 40;

    private readonly List<(int Axis, double Centre, double Deviation, double LogOdds)> _beliefs = [];
    private readonly AxisSpace _space;
    private readonly double _mean;
    private readonly double _spread;

    private BeliefSource(AxisSpace space)
    {
        _space = space;
        for (var axis = 0; axis < space.Axes.Length; axis++)
        {
            foreach (var dimension in space.Axes[axis].Dimensions.Select(i => space.Space.Dimensions[i]))
            {
                if (dimension.Belief is not { } belief) continue;

                var level = (int)belief.Confidence + 1;
                var centre = space.Axes[axis].UnitOf(space.Space, ParameterSet.Empty.With(dimension.Name, belief.Centre));
                _beliefs.Add((axis, centre, Math.Pow(0.5, level), level * Math.Log(2)));
            }
        }

        if (_beliefs.Count == 0) return;

        var random = new SplitMix64(RandomSeed.Derive(0, "belief"));
        var places = new List<double[]>();
        for (var i = 0; i < Points; i++)
        {
            var units = new double[space.Axes.Length];
            if (space.Draw(ref random, units) is null) break;

            if (i < Points / 2 && Likely((double[])units.Clone(), ref random, places.Count == 0) is { } likely)
            {
                units = likely;
            }

            places.Add(units);
        }

        double[] even = [.. places.Skip(Points / 2).Select(LogDensity)];
        _mean = even.Length == 0 ? 0 : even.Average();
        var spread = even.Length == 0 ? 0 : Math.Sqrt(even.Average(log => (log - _mean) * (log - _mean)));
        _spread = spread > 0 ? spread : 1;
        Ranked = [.. places.OrderByDescending(LogDensity)];
    }

    /// <summary>The likeliest first.</summary>
    public ImmutableArray<double[]> Ranked { get; private init; } = [];

    /// <returns>Null where nobody expects anything.</returns>
    public static BeliefSource? Of(AxisSpace space) => new BeliefSource(space) is { Ranked.Length: > 1 } source ? source : null;

    /// <summary>Less is likelier, of the scale of the other sources' normal scores.</summary>
    public double At(ReadOnlySpan<double> units) => (_mean - LogDensity(units)) / _spread;

    private double LogDensity(double[] units) => LogDensity(units.AsSpan());

    private double LogDensity(ReadOnlySpan<double> units)
    {
        var sum = 0.0;
        foreach (var (axis, centre, deviation, odds) in _beliefs)
        {
            if (double.IsNaN(units[axis]) || double.IsNaN(centre)) continue;

            var distance = (units[axis] - centre) / deviation;
            sum += _space.Axes[axis].IsOrdered ? -0.5 * distance * distance
                : _space.Axes[axis].CellAt(units[axis]) == _space.Axes[axis].CellAt(centre) ? odds : 0;
        }

        return sum;
    }

    /// <param name="isCentre">Whether the centres themselves are wanted.</param>
    private double[]? Likely(double[] units, ref SplitMix64 random, bool isCentre)
    {
        foreach (var (axis, centre, deviation, odds) in _beliefs.Where(belief => !double.IsNaN(belief.Centre)))
        {
            var cells = _space.Axes[axis];
            var unit = isCentre ? centre
                : cells.IsOrdered ? TruncatedNormal.Draw(centre, deviation, ref random)
                : random.NextUnit() < Math.Exp(odds) / (Math.Exp(odds) + cells.Cells - 1) ? centre : random.NextUnit();
            units[axis] = cells.Cells > 0 ? cells.Middle(cells.CellAt(unit)) : unit;
        }

        return _space.Feasible(units) is null ? null : units;
    }
}
