namespace SeqMnistSweep.Sampling.Priors;

/// <summary>What earlier sweeps found, for a search to begin with: copied when the sweep is submitted and kept with it, so that what
/// becomes of the earlier sweeps later changes nothing, and the sweep can be replayed.</summary>
public sealed record SearchPrior(ImmutableArray<PriorSource> Sources, ImmutableArray<RankedPoint> Points)
{
    /// <summary>Nothing to begin with.</summary>
    public static SearchPrior None { get; } = new([], []);

    /// <summary>Where it comes from, for a person: <c>tcn-7f3k (50 configurations, 3 more outside of this space)</c>.</summary>
    public override string ToString() => string.Join(", ", Sources);
}

/// <param name="Name">A sweep's id, or the name of a file that results were imported from.</param>
/// <param name="Points">Configurations that it gave.</param>
/// <param name="Outside">Configurations with a result that the new sweep's space does not hold.</param>
public sealed record PriorSource(string Name, int Points, int Outside, bool IsFile = false)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name} ({Plural.Of(Points, "configuration")}{(Outside > 0 ? $", {Outside} more outside of this space" : "")})";
}

/// <param name="Rank">The share of its own sweep's configurations that are better, from 0 for the best: the metrics of two sweeps need not
/// be of one scale.</param>
public sealed record RankedPoint(ParameterSet Parameters, double Rank);
