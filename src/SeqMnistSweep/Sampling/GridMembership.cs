namespace SeqMnistSweep.Sampling;

/// <summary>Whether a feasible configuration is one of a grid's points, without walking through the grid.</summary>
internal static class GridMembership
{
    public static bool Contains(SearchSpace space, ParameterSet point)
    {
        var names = new HashSet<string>(space.Dimensions.Select(dimension => dimension.Path[0]), StringComparer.Ordinal);
        if (point.Any(item => !names.Contains(item.Key))) return false;

        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            candidate[i] = space.ValueOf(point, space.Dimensions[i].Name);
        }

        return new Grid(space).Axes.All(axis => Matches(space, axis, candidate));
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
