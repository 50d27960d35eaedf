namespace SeqMnistSweep.SearchSpaces;

/// <summary>A point under construction: one value for each dimension, before conditions take the inactive ones away.</summary>
internal sealed class Candidate(SearchSpace space)
{
    private readonly ParameterValue?[] _values = new ParameterValue?[space.Dimensions.Length];

    public ParameterValue? this[int dimension]
    {
        get => _values[dimension];
        set => _values[dimension] = value;
    }

    public bool IsActive(int dimension)
    {
        if (space.Dimensions[dimension].When is not { } when) return true;

        foreach (var term in when.Terms)
        {
            var index = space.IndexOf(term.Name);
            if (index >= 0 && !IsActive(index)) return false;

            if (Lookup(term.Name) is not { } value || !term.AnyOf.Contains(value)) return false;
        }

        return true;
    }

    public ParameterValue? Lookup(string name)
    {
        var index = space.IndexOf(name);
        return (index >= 0 && IsActive(index) ? _values[index] : null) ?? space.Trainable.Find(name)?.Default;
    }

    public RuleScope Rules() => new(space, Lookup);

    /// <summary>The active parameters, nested ones in maps again, in the file's order.</summary>
    /// <param name="whole">Those that are not active as well.</param>
    public ParameterSet ToParameterSet(bool whole = false) =>
        new(Level(Enumerable.Range(0, _values.Length).Where(i => _values[i] is not null && (whole || IsActive(i))).ToList(), 0));

    private List<KeyValuePair<string, ParameterValue>> Level(List<int> dimensions, int depth) => dimensions
        .GroupBy(i => space.Dimensions[i].Path[depth], StringComparer.Ordinal)
        .Select(group => KeyValuePair.Create(
            group.Key,
            space.Dimensions[group.First()].Path.Length == depth + 1
                ? _values[group.First()]!
                : ParameterValue.MapOf(Level([.. group], depth + 1))))
        .ToList();
}
