namespace SeqMnistSweep.Sampling.Axes;

/// <summary>A search space as a cube of units, one for each <see cref="Axis"/>: where model-based samplers work.</summary>
internal sealed class AxisSpace
{
    /// <summary>Infeasible draws in a row after which the space is held to be empty.</summary>
    public const int MaxMisses = RandomSampler.MaxMisses;

    private readonly bool _hasConditions;

    public AxisSpace(SearchSpace space)
    {
        Space = space;
        Axes = [.. space.Groups.Where(group => group.Length > 1 || space.Dimensions[group[0]].Distribution.Varies)
            .Select(group => Axis.Of(space, group))];
        _hasConditions = space.Dimensions.Any(dimension => dimension.When is not null);
        Points = Axes.Aggregate(1.0, (product, axis) => axis.Cells == 0 ? double.PositiveInfinity : product * axis.Cells);
    }

    public SearchSpace Space { get; }

    public ImmutableArray<Axis> Axes { get; }

    /// <summary>Cells of the cube, those that differ only in inactive parameters included; infinite with a continuous axis.</summary>
    public double Points { get; }

    /// <summary>The configuration at a place, if it satisfies all rules. Units of inactive axes become NaN.</summary>
    public Candidate? Feasible(Span<double> units)
    {
        if (!_hasConditions && Space.Constraints.IsEmpty) return At(units);

        var candidate = At(units);
        if (_hasConditions)
        {
            for (var i = 0; i < units.Length; i++)
            {
                if (!Axes[i].Dimensions.Any(candidate.IsActive))
                {
                    units[i] = double.NaN;
                }
            }
        }

        return Space.Constraints.IsEmpty || candidate.Rules().FirstViolation() is null ? candidate : null;
    }

    /// <summary>Whether every place is a feasible configuration with a value on every axis.</summary>
    public bool IsPlain => !_hasConditions && Space.Constraints.IsEmpty;

    public Candidate At(ReadOnlySpan<double> units)
    {
        var candidate = new Candidate(Space);
        for (var i = 0; i < Space.Dimensions.Length; i++)
        {
            if (!Space.Dimensions[i].Distribution.Varies)
            {
                candidate[i] = Space.Dimensions[i].Distribution.At(0);
            }
        }

        for (var i = 0; i < Axes.Length; i++)
        {
            Axes[i].Set(candidate, double.IsNaN(units[i]) ? 0 : units[i]);
        }

        return candidate;
    }

    /// <summary>The place of a configuration; NaN on the axes that it has no value of.</summary>
    public double[] UnitsOf(ParameterSet point) => [.. Axes.Select(axis => axis.UnitOf(Space, point))];

    /// <summary>A hash of the cells that a place lies in. Equal for equal configurations of a space without continuous axes.</summary>
    public ulong KeyOf(ReadOnlySpan<double> units)
    {
        var key = 0UL;
        for (var i = 0; i < units.Length; i++)
        {
            key = RandomSeed.Mix(
                key ^ (
                    double.IsNaN(units[i]) ? ulong.MaxValue : Axes[i].Cells > 0 ? (ulong)Axes[i].CellAt(units[i]) : (ulong)(
                        units[i] * (1L << 40))));
        }

        return key;
    }

    /// <summary>The configuration at a feasible place, as the proposal at a cursor.</summary>
    public Proposal Proposed(Span<double> units, long cursor, long infeasible, string origin) =>
        new(Feasible(units)!.ToParameterSet(), cursor + 1, infeasible, origin);

    /// <summary>An even draw; null when nothing feasible is found.</summary>
    public Proposal? Random(ref SplitMix64 random, long cursor, string origin)
    {
        var units = new double[Axes.Length];
        return Draw(ref random, units) is { } misses ? Proposed(units, cursor, misses, origin) : null;
    }

    /// <summary>The keys of all configurations of a history; null where an axis is continuous: hardly any is made twice there.</summary>
    public HashSet<ulong>? Made(SearchHistory history) => double.IsInfinity(Points)
        ? null
        : history.Configurations.Select(known => KeyOf(UnitsOf(known.Parameters))).ToHashSet();

    /// <summary>Draws evenly until the rules are satisfied.</summary>
    /// <returns>How many draws were infeasible; null when none was feasible.</returns>
    public int? Draw(ref SplitMix64 random, Span<double> units)
    {
        for (var misses = 0; misses < MaxMisses; misses++)
        {
            for (var i = 0; i < units.Length; i++)
            {
                units[i] = random.NextUnit();
            }

            if (Feasible(units) is not null) return misses;
        }

        return null;
    }
}
