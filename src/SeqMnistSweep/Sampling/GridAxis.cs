namespace SeqMnistSweep.Sampling;

/// <summary>One direction of a grid: a parameter, or a group of parameters whose lists move together.</summary>
internal sealed class GridAxis
{
    /// <summary>What W&amp;B joins the names of nested parameters with before it sorts them.</summary>
    private const string Delimiter = ".wbnest[599c28ca25da].";

    private readonly ImmutableArray<ImmutableArray<ParameterValue>> _tuples;
    private readonly Distribution _first;
    private readonly bool _ofDraws;

    private GridAxis(
        SearchSpace space, ImmutableArray<int> dimensions, ImmutableArray<ImmutableArray<ParameterValue>> tuples, bool ofDraws)
    {
        Dimensions = dimensions;
        _tuples = tuples;
        _ofDraws = ofDraws;
        _first = space.Dimensions[dimensions[0]].Distribution;
        SortName = dimensions.Select(i => string.Join(Delimiter, space.Dimensions[i].Path)).Min(StringComparer.Ordinal)!;
        Count = tuples.IsDefault ? (ofDraws ? _first.DrawCount : _first.GridCount)!.Value : tuples.Length;
    }

    public ImmutableArray<int> Dimensions { get; }

    /// <summary>Of a group: the first of its names.</summary>
    public string SortName { get; }

    public long Count { get; }

    /// <param name="group">Of <see cref="SearchSpace.Groups"/>.</param>
    /// <param name="ofDraws">Whether its values are those that a draw can give, and not those of a grid.</param>
    public static GridAxis Of(SearchSpace space, ImmutableArray<int> group, bool ofDraws)
    {
        if (group.Length == 1) return new GridAxis(space, group, default, ofDraws);

        var rows = space.Rows(group).Select(row => ParameterValue.ListOf(row)).Distinct();
        return new GridAxis(space, group, [.. rows.Select(row => row.AsList())], ofDraws);
    }

    public void Set(Candidate candidate, long index)
    {
        if (_tuples.IsDefault)
        {
            candidate[Dimensions[0]] = _ofDraws ? _first.DrawValue(index) : _first.GridValue(index);
            return;
        }

        for (var i = 0; i < Dimensions.Length; i++)
        {
            candidate[Dimensions[i]] = _tuples[(int)index][i];
        }
    }

    /// <summary>Whether no earlier index gives the active parameters the same values, so that inactive ones add no points.</summary>
    public bool IsFirstOfItsKind(Candidate candidate, long index)
    {
        if (index == 0 || Dimensions.All(candidate.IsActive)) return true;

        if (_tuples.IsDefault || !Dimensions.Any(candidate.IsActive)) return false;

        var active = Enumerable.Range(0, Dimensions.Length).Where(i => candidate.IsActive(Dimensions[i])).ToList();
        return !_tuples.Take((int)index).Any(tuple => active.TrueForAll(i => tuple[i].Equals(_tuples[(int)index][i])));
    }
}
