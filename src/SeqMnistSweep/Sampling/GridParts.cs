namespace SeqMnistSweep.Sampling;

/// <summary>Axes that rules or conditions connect, with the rules that speak of them.</summary>
internal sealed record GridPart(ImmutableArray<GridAxis> Axes, ImmutableArray<int> Rules);

/// <summary>Cuts a grid into parts that have nothing to do with each other.</summary>
internal static class GridParts
{
    public static IEnumerable<GridPart> Of(SearchSpace space, Grid grid)
    {
        var axes = grid.Axes;
        var parents = Enumerable.Range(0, axes.Length).ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            foreach (var term in axes[i].Dimensions.SelectMany(d => space.Dimensions[d].When?.Terms ?? []))
            {
                Join(parents, [i, AxisOf(axes, space.IndexOf(term.Name))]);
            }
        }

        var axesOfRules = space.Constraints
            .Select(
                rule => ParametersOf(space, rule.Require.Names.Select(name => name.Name)).Select(name => AxisOf(axes, space.IndexOf(name)))
                    .Where(axis => axis >= 0).ToList())
            .ToList();
        axesOfRules.ForEach(connected => Join(parents, connected));

        foreach (var group in Enumerable.Range(0, axes.Length).GroupBy(axis => Root(parents, axis)))
        {
            var rules = Enumerable.Range(0, axesOfRules.Count).Where(
                rule => axesOfRules[rule].Count > 0 && Root(parents, axesOfRules[rule][0]) == group.Key);
            yield return new GridPart([.. group.Select(axis => axes[axis])], [.. rules]);
        }

        // Rules about defaults alone: one point without axes.
        yield return new GridPart([], [.. Enumerable.Range(0, axesOfRules.Count).Where(rule => axesOfRules[rule].Count == 0)]);
    }

    /// <summary>The parameters that a rule's names stand for, through derived values.</summary>
    public static HashSet<string> ParametersOf(SearchSpace space, IEnumerable<string> names)
    {
        var parameters = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(names);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var name))
        {
            if (!seen.Add(name)) continue;

            if (space.Derived.FirstOrDefault(derived => derived.Name == name) is { } derived)
            {
                foreach (var (used, _) in derived.Formula.Names)
                {
                    open.Push(used);
                }
            }
            else
            {
                parameters.Add(name);
            }
        }

        return parameters;
    }

    private static int AxisOf(ImmutableArray<GridAxis> axes, int dimension) =>
        dimension < 0 ? -1 : Enumerable.Range(0, axes.Length).First(axis => axes[axis].Dimensions.Contains(dimension));

    private static void Join(int[] parents, IReadOnlyList<int> axes)
    {
        var first = axes.FirstOrDefault(axis => axis >= 0, -1);
        foreach (var axis in axes.Where(axis => axis >= 0))
        {
            parents[Root(parents, axis)] = Root(parents, first);
        }
    }

    private static int Root(int[] parents, int axis)
    {
        while (parents[axis] != axis)
        {
            axis = parents[axis];
        }

        return axis;
    }
}
