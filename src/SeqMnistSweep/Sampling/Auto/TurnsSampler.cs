using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Gp;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Sampling.Tpe;

namespace SeqMnistSweep.Sampling.Auto;

/// <summary>A Gaussian process and TPE by turns. The process needs fewer results, so it begins, and in a space with continuous ranges two of
/// three proposals are its own; of lists and short ranges TPE makes every other. TPE's proposals keep the search from believing the process
/// too much, and are all there is once a process would cost too much. Chosen on some fifty functions, tables and surrogates of nine kinds.</summary>
internal sealed class TurnsSampler(SearchSpace space, long seed, SearchPrior prior) : ISampler
{
    private readonly GaussianSampler _gaussian = new(space, seed, prior);
    private readonly TpeSampler _tpe = new(space, seed, prior);
    private readonly bool _isFinite = !double.IsInfinity(new AxisSpace(space).Points);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var ended = history.Configurations.Count - history.Open.Count;
        var (from, turn) = _isFinite ? (10, 2) : (20, 3);
        var (sampler, why) = ended > AutoChoice.MaxResults ? ((ISampler)_tpe, $"after {AutoChoice.MaxResults} results")
            : ended >= from && cursor % turn == turn - 1 ? (_tpe, "whose turn it is")
            : (_gaussian, ended < from ? "for there are few results" : "whose turn it is");
        return sampler.Propose(cursor, history) is { } proposal ? proposal with { Origin = $"auto, {why}: {proposal.Origin}" } : null;
    }
}
