namespace SeqMnistSweep.Sampling;

/// <summary>Proposes configurations, one after another. What it proposes depends on the definition that it was made from, the cursor and,
/// if it is adaptive, the history: nothing else. It may keep what it has computed from the history, to go on from there; a sampler made
/// anew and given the same history proposes the same. So a sweep rebuilt from its database goes on as it would have gone on.</summary>
public interface ISampler
{
    /// <summary>The next feasible configuration at or after <paramref name="cursor"/> (0 at the start), or null when there is none
    /// left.</summary>
    /// <param name="history">Of the sweep up to now. A sampler that is not adaptive does not look at it.</param>
    Proposal? Propose(long cursor, SearchHistory history);
}

/// <param name="Parameters">The configuration: sampled and constant parameters, without inactive ones.</param>
/// <param name="NextCursor">Where to go on; larger than the cursor given.</param>
/// <param name="Infeasible">How many infeasible points were passed over on the way.</param>
/// <param name="Origin">Where it came from, for a person: "grid point 5 of 27".</param>
public sealed record Proposal(ParameterSet Parameters, long NextCursor, long Infeasible, string Origin)
{
    /// <summary>By how much it is expected to be better than the best result, in the metric's unit; null where no model tells.</summary>
    public double? ExpectedImprovement { get; init; }
}
