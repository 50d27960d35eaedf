namespace SeqMnistSweep.Sampling;

/// <summary>Independent draws, an infeasible one replaced by the next. The cursor counts draws. Ends only if none is feasible.</summary>
internal sealed class RandomSampler(SearchSpace space, long seed) : ISampler
{
    /// <summary>Infeasible draws in a row after which the space is held to be empty.</summary>
    public const int MaxMisses = 100_000;

    private readonly RandomDraw _draw = new(space, seed);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        for (var misses = 0; misses < MaxMisses; misses++)
        {
            var candidate = _draw.At(cursor + misses);
            if (candidate.Rules().FirstViolation() is null)
            {
                return new Proposal(candidate.ToParameterSet(), cursor + misses + 1, misses, $"random draw {cursor + misses + 1}");
            }
        }

        return null;
    }
}
