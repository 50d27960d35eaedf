namespace SeqMnistSweep.Sampling;

/// <summary>A space that has finitely many configurations, and more than one: where draws repeat themselves, so that somebody has to know
/// which are left. A space without a choice is none: its one configuration is run as often as is asked.</summary>
internal sealed class FiniteSpace
{
    /// <summary>Combinations looked at, from any place on, before no further configuration is held to be left.</summary>
    private const int MaxLooks = 1_000_000;

    /// <summary>Of more combinations nobody counts which are feasible.</summary>
    private const int MaxCounted = 100_000;

    private readonly SearchSpace _space;
    private readonly Grid _grid;

    private FiniteSpace(SearchSpace space, Grid grid) => (_space, _grid) = (space, grid);

    /// <summary>Feasible configurations; null where there are too many to count.</summary>
    public long? Count
    {
        get
        {
            var count = _grid.Count <= MaxCounted ? FeasibilityCount.OfGrid(_space, _grid, long.MaxValue) : null;
            return count?.IsComplete == true ? (long)count.Feasible : null;
        }
    }

    /// <summary>Null where the configurations cannot be counted, or there is but one.</summary>
    public static FiniteSpace? Of(SearchSpace space) =>
        space.Dimensions.All(dimension => dimension.Distribution.DrawCount is not null) && Grid.OfDraws(space) is var grid && grid.Count > 1
            ? new FiniteSpace(space, grid)
            : null;

    /// <summary>Whether a draw can give this configuration.</summary>
    public bool Contains(ParameterSet point) => GridMembership.Contains(_space, _grid, point);

    /// <summary>A feasible configuration of which <paramref name="isMade"/> is not true; null when there is none left.</summary>
    /// <param name="chance">Where to look first.</param>
    public ParameterSet? FirstUnmade(ulong chance, Func<ParameterSet, bool> isMade)
    {
        var count = (long)_grid.Count;
        var start = (long)(chance % (ulong)count);
        for (long look = 0; look < Math.Min(count, MaxLooks); look++)
        {
            var index = (long)(((Int128)start + look) % count);
            if (_grid.At(index) is { } candidate && candidate.Rules().FirstViolation() is null && candidate.ToParameterSet() is var point
                && !isMade(point))
            {
                return point;
            }
        }

        return null;
    }
}
