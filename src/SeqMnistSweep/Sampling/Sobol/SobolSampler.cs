using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Sobol;

/// <summary>Points spread evenly over all parameters together, an infeasible one passed over. The cursor is the number of a point.
/// Parameters beyond the 256th are drawn independently.</summary>
/// <param name="isScrambled">By the seed; otherwise the published points, which begin in the lower corner.</param>
internal sealed class SobolSampler(SearchSpace space, long seed, bool isScrambled) : ISampler
{
    private readonly AxisSpace _space = new(space);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        Span<double> units = stackalloc double[_space.Axes.Length];
        for (var misses = 0; misses < AxisSpace.MaxMisses; misses++)
        {
            var number = cursor + misses;
            for (var i = 0; i < units.Length; i++)
            {
                units[i] = i >= SobolSequence.MaxDimensions ? new SplitMix64(RandomSeed.Derive(seed, "beyond sobol", number, i)).NextUnit()
                    : isScrambled ? SobolSequence.Scrambled(number, i, seed)
                    : SobolSequence.At(number, i);
            }

            if (_space.Feasible(units) is { } candidate)
            {
                return new Proposal(
                    candidate.ToParameterSet(), number + 1, misses, $"Sobol point {number}{(isScrambled ? ", scrambled" : "")}");
            }
        }

        return null;
    }
}
