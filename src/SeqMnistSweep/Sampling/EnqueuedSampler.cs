namespace SeqMnistSweep.Sampling;

/// <summary>Enqueued points first, then another sampler's. Cursors below the number of enqueued points are theirs.</summary>
/// <param name="baseline">One of them, or none.</param>
/// <param name="skipsThem">Whether the other sampler's points that were enqueued are left out: a grid tries each once.</param>
internal sealed class EnqueuedSampler(
    ImmutableArray<ParameterSet> enqueued, ParameterSet? baseline, ISampler then, bool skipsThem) : ISampler
{
    private readonly HashSet<ParameterSet> _enqueued = [.. enqueued];

    /// <summary>Where a point of the file came from.</summary>
    public static string OriginOf(ParameterSet point, ParameterSet? baseline) =>
        point.Equals(baseline) ? "the baseline: every default" : "enqueued in the file";

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        if (cursor < enqueued.Length)
        {
            var point = enqueued[(int)cursor];
            return new Proposal(point, cursor + 1, 0, OriginOf(point, baseline));
        }

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
