namespace SeqMnistSweep.Sampling;

/// <summary>All combinations of a space's values in W&amp;B's order: names sorted by their bytes, the last one fastest.</summary>
internal sealed class Grid
{
    public const long MaxPoints = 10_000_000;

    private readonly SearchSpace _space;

    /// <summary>Every dimension must have a <see cref="SearchSpaces.Distribution.GridCount"/>.</summary>
    public Grid(SearchSpace space)
        : this(space, AxesOf(space, ofDraws: false))
    {
    }

    private Grid(SearchSpace space, ImmutableArray<GridAxis> axes)
    {
        _space = space;
        Axes = axes;
        Count = axes.Aggregate((Int128)1, (product, axis) => Int128.Min(product * axis.Count, long.MaxValue));
    }

    public ImmutableArray<GridAxis> Axes { get; }

    /// <summary>Combinations, those that differ only in inactive parameters included; stops growing at 2^63 - 1.</summary>
    public Int128 Count { get; }

    /// <summary>Of all values that draws can give. Every dimension must have a <see cref="SearchSpaces.Distribution.DrawCount"/>.</summary>
    public static Grid OfDraws(SearchSpace space) => new(space, AxesOf(space, ofDraws: true));

    /// <summary>The grid over some of the axes: the other dimensions stay without a value.</summary>
    public Grid Over(IEnumerable<GridAxis> axes) => new(_space, [.. axes]);

    /// <summary>The combination at an index below <see cref="Count"/>, null when only inactive parameters make it differ.</summary>
    public Candidate? At(long index)
    {
        var candidate = new Candidate(_space);
        Span<long> digits = stackalloc long[Axes.Length];
        for (var i = Axes.Length - 1; i >= 0; i--)
        {
            (index, digits[i]) = Math.DivRem(index, Axes[i].Count);
            Axes[i].Set(candidate, digits[i]);
        }

        for (var i = 0; i < Axes.Length; i++)
        {
            if (!Axes[i].IsFirstOfItsKind(candidate, digits[i])) return null;
        }

        return candidate;
    }

    private static ImmutableArray<GridAxis> AxesOf(SearchSpace space, bool ofDraws) =>
        [.. space.Groups.Select(group => GridAxis.Of(space, group, ofDraws)).OrderBy(axis => axis.SortName, StringComparer.Ordinal)];
}

/// <summary>Whether a feasible configuration is one of a grid's points, without walking through the grid.</summary>
internal static class GridMembership
{
    public static bool Contains(SearchSpace space, ParameterSet point) => Contains(space, new Grid(space), point);

    public static bool Contains(SearchSpace space, Grid grid, ParameterSet point)
    {
        var names = new HashSet<string>(space.Dimensions.Select(dimension => dimension.Path[0]), StringComparer.Ordinal);
        if (point.Any(item => !names.Contains(item.Key))) return false;

        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            candidate[i] = space.ValueOf(point, space.Dimensions[i].Name);
        }

        return grid.Axes.All(axis => Matches(space, axis, candidate));
    }

    private static bool Matches(SearchSpace space, GridAxis axis, Candidate wanted)
    {
        var trial = new Candidate(space);
        var active = axis.Dimensions.Where(wanted.IsActive).ToList();
        for (long index = 0; index < axis.Count; index++)
        {
            axis.Set(trial, index);
            if (active.TrueForAll(i => trial[i]!.Equals(wanted[i]))) return true;
        }

        return false;
    }
}
