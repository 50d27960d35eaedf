namespace SeqMnistSweep.SearchSpaces;

/// <summary>A configuration as one row: nested parameters by their dotted names, as the space names them.</summary>
public static class FlatParameters
{
    /// <summary>Every parameter with its path, in the configuration's order. A map that the space does not take apart is one value.</summary>
    /// <param name="space">Null where it is not known: then every map is taken apart.</param>
    public static IEnumerable<(ImmutableArray<string> Path, ParameterValue Value)> Paths(ParameterSet point, SearchSpace? space) =>
        Paths(point, name => space?.Find(name) is not null);

    /// <inheritdoc cref="Paths(ParameterSet, SearchSpace?)" path="/summary"/>
    /// <param name="isParameter">Whether a dotted name is a parameter's.</param>
    public static IEnumerable<(ImmutableArray<string> Path, ParameterValue Value)> Paths(
        ParameterSet point, Func<string, bool> isParameter) => point.SelectMany(item => Paths([item.Key], item.Value, isParameter));

    /// <summary>The same with dotted names; a name that occurs twice, as in <c>{a.b: 1, a: {b: 2}}</c>, has its first value.</summary>
    public static ParameterSet Of(ParameterSet point, SearchSpace? space) => Of(point, name => space?.Find(name) is not null);

    /// <inheritdoc cref="Of(ParameterSet, SearchSpace?)" path="/summary"/>
    /// <param name="isParameter">Whether a dotted name is a parameter's.</param>
    public static ParameterSet Of(ParameterSet point, Func<string, bool> isParameter) => new(
        Paths(point, isParameter).Select(leaf => KeyValuePair.Create(string.Join('.', leaf.Path), leaf.Value))
            .DistinctBy(item => item.Key));

    /// <summary>The inverse of <see cref="Of(ParameterSet, SearchSpace?)"/>: dotted names that the space nests are in maps again, others stay as they are.</summary>
    public static ParameterSet Nest(ParameterSet flat, SearchSpace? space)
    {
        if (space is null) return flat;

        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            candidate[i] = flat[space.Dimensions[i].Name];
        }

        return flat.Where(item => space.Find(item.Key) is null)
            .Aggregate(candidate.ToParameterSet(whole: true), (set, item) => set.With(item.Key, item.Value));
    }

    /// <summary>A null of a table says that there is no value or that it is null: it is the value where the space has a null for a
    /// parameter that exists beside the others.</summary>
    public static ParameterSet WithNulls(ParameterSet flat, IReadOnlyCollection<string> names, SearchSpace? space)
    {
        if (space is null || names.Count == 0) return flat;

        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            var dimension = space.Dimensions[i];
            candidate[i] = flat[dimension.Name] ?? (names.Contains(dimension.Name)
                && dimension.Distribution.Listed is { IsDefaultOrEmpty: false } listed && listed.Contains(ParameterValue.Null)
                ? ParameterValue.Null
                : null);
        }

        return Enumerable.Range(0, space.Dimensions.Length)
            .Where(i => candidate[i] is { Kind: ParameterKind.Null } && candidate.IsActive(i))
            .Aggregate(flat, (set, i) => set.With(space.Dimensions[i].Name, ParameterValue.Null));
    }

    private static IEnumerable<(ImmutableArray<string> Path, ParameterValue Value)> Paths(
        ImmutableArray<string> path, ParameterValue value, Func<string, bool> isParameter) =>
        value.Kind == ParameterKind.Map && !value.AsMap().IsEmpty && !isParameter(string.Join('.', path))
            ? value.AsMap().SelectMany(item => Paths(path.Add(item.Key), item.Value, isParameter))
            : [(path, value)];
}
