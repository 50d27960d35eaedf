using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Head.Live;

/// <summary>Reports how long every proposal of a sampler took.</summary>
internal sealed class TimedSampler(ISampler sampler, Action<TimeSpan> took, TimeProvider time) : ISampler
{
    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var start = time.GetTimestamp();
        var proposal = sampler.Propose(cursor, history);
        took(time.GetElapsedTime(start));
        return proposal;
    }
}
