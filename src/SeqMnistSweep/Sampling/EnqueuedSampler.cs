namespace SeqMnistSweep.Sampling;

/// <summary>Enqueued points first, then another sampler's. Cursors below the number of enqueued points are theirs.</summary>
/// <param name="skipsThem">Whether the other sampler's points that were enqueued are left out: a grid tries each once.</param>
internal sealed class EnqueuedSampler(ImmutableArray<ParameterSet> enqueued, ISampler then, bool skipsThem) : ISampler
{
    public const string Origin = "enqueued in the file";

    private readonly HashSet<ParameterSet> _enqueued = [.. enqueued];

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        if (cursor < enqueued.Length) return new Proposal(enqueued[(int)cursor], cursor + 1, 0, Origin);

        var at = cursor - enqueued.Length;
        long infeasible = 0;
        while (then.Propose(at, history) is { } proposal)
        {
            infeasible += proposal.Infeasible;
            if (!skipsThem || !_enqueued.Contains(proposal.Parameters))
            {
                return proposal with { NextCursor = proposal.NextCursor + enqueued.Length, Infeasible = infeasible };
            }

            at = proposal.NextCursor;
        }

        return null;
    }
}
