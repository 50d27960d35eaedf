using SeqMnistSweep.Sampling.Nsga;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Sampling.Tpe;

namespace SeqMnistSweep.Sampling.Auto;

/// <summary>Of several metrics: TPE by fronts, which needs fewer results, and after many of them TPE and NSGA-II by turns, for what TPE finds
/// then lies close together. Chosen on seven functions of two and three losses together.</summary>
internal sealed class CompromisesSampler(SearchSpace space, long seed, int metrics) : ISampler
{
    private readonly TpeSampler _tpe = new(space, seed, SearchPrior.None, metrics);
    private readonly NsgaSampler _nsga = new(space, seed);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var ended = history.Configurations.Count - history.Open.Count;
        var (sampler, why) = ended <= AutoChoice.MaxResultsOfTpe ? ((ISampler)_tpe, $"until {AutoChoice.MaxResultsOfTpe} results")
            : (cursor % 2 == 0 ? _nsga : _tpe, "whose turn it is");
        return sampler.Propose(cursor, history) is { } proposal ? proposal with { Origin = $"auto, {why}: {proposal.Origin}" } : null;
    }
}
