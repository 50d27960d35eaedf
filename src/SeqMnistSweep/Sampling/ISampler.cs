using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Sampling;

/// <summary>
/// Proposes configurations, one after another. A sampler keeps nothing: what it proposes depends on the definition it was made
/// from and the cursor alone, so a sweep rebuilt from its database proposes what it would have proposed.
/// </summary>
public interface ISampler
{
    /// <summary>The next feasible configuration at or after <paramref name="cursor"/> (0 at the start), or null when there is none left.</summary>
    Proposal? Propose(long cursor);
}

/// <param name="Parameters">The configuration: sampled and constant parameters, without inactive ones.</param>
/// <param name="NextCursor">Where to go on; larger than the cursor given.</param>
/// <param name="Infeasible">How many infeasible points were passed over on the way.</param>
/// <param name="Origin">Where it came from, for a person: "grid point 5 of 27".</param>
public sealed record Proposal(ParameterSet Parameters, long NextCursor, long Infeasible, string Origin);
