using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Head.Live;

/// <summary>Reports how long every proposal of a sampler took.</summary>
/// <param name="make">Called for the first proposal, so that whatever it throws fails that and not the reading of its sweep.</param>
internal sealed class TimedSampler(Func<ISampler> make, Action<TimeSpan> took, TimeProvider time) : ISampler
{
    private readonly Lazy<ISampler> _sampler = new(make, LazyThreadSafetyMode.PublicationOnly);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var start = time.GetTimestamp();
        var proposal = _sampler.Value.Propose(cursor, history);
        took(time.GetElapsedTime(start));
        return proposal;
    }
}
