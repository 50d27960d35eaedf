using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Gp;

/// <summary>Climbs the expected improvement from the best of many places, in steps that shrink where they do not help.</summary>
/// <param name="made">Keys of places not to propose; null for none.</param>
internal sealed class GaussianClimb(AxisSpace space, GaussianModel model, HashSet<ulong>? made)
{
    private const int Even = 400;
    private const int Climbs = 4;
    private const int Steps = 80;

    /// <returns>The best place; null when none is feasible and new.</returns>
    public double[]? Best(ref SplitMix64 random)
    {
        var starts = Starts(ref random);
        (double[] Units, double Score)? best = null;
        foreach (var start in starts.OrderByDescending(start => start.Score).Take(Climbs))
        {
            var here = start;
            var scale = 0.1;
            for (var step = 0; step < Steps; step++)
            {
                var units = Near(here.Units, scale, ref random);
                if (Judge(units) is { } score && score > here.Score)
                {
                    here = (units, score);
                    scale = Math.Min(0.3, scale * 1.5);
                }
                else
                {
                    scale = Math.Max(1e-4, scale * 0.85);
                }
            }

            best = best is null || here.Score > best.Value.Score ? here : best;
        }

        return best?.Units;
    }

    private List<(double[] Units, double Score)> Starts(ref SplitMix64 random)
    {
        var starts = new List<(double[] Units, double Score)>();
        for (var i = 0; i < Even; i++)
        {
            var units = new double[space.Axes.Length];
            for (var k = 0; k < units.Length; k++)
            {
                units[k] = random.NextUnit();
            }

            Add(units);
        }

        foreach (var good in model.Best)
        {
            foreach (var scale in (ReadOnlySpan<double>)[0.2, 0.1, 0.05, 0.02, 0.01, 0.003])
            {
                Add(Near(good, scale, ref random));
                Add(Near(good, scale, ref random));
            }
        }

        return starts;

        void Add(double[] units)
        {
            if (Judge(units) is { } score)
            {
                starts.Add((units, score));
            }
        }
    }

    private double? Judge(double[] units)
    {
        for (var i = 0; i < units.Length; i++)
        {
            var axis = space.Axes[i];
            units[i] = axis.Cells > 0 ? axis.Middle(axis.CellAt(units[i])) : units[i];
        }

        var isNew = made?.Contains(space.KeyOf(units)) != true;
        return isNew && (space.IsPlain || space.Feasible(units) is not null) ? model.Score(units) : null;
    }

    private double[] Near(double[] units, double scale, ref SplitMix64 random)
    {
        var near = new double[units.Length];
        for (var i = 0; i < near.Length; i++)
        {
            var from = double.IsNaN(units[i]) ? random.NextUnit() : units[i];
            var reach = Math.Max(scale, space.Axes[i].Cells == 0 ? 0 : 0.5 / space.Axes[i].Cells);
            near[i] = space.Axes[i].IsOrdered ? Reflect(from + (reach * Quantiles.Normal(random.NextUnit())))
                : random.NextUnit() < scale + (1.0 / near.Length) ? random.NextUnit() : from;
        }

        return near;
    }

    private static double Reflect(double unit) => Math.Clamp(unit < 0 ? -unit : unit > 1 ? 2 - unit : unit, 0, 1);
}
