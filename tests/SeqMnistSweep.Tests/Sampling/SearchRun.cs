using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.Sampling;

/// <summary>A search on a function with a number of workers, whose trials take turns; keeps what each proposal saw.</summary>
internal sealed class SearchRun(SweepDefinition sweep, Func<ParameterSet, double[]> losses, int workers = 1, SearchPrior? prior = null)
{
    private readonly ISampler _sampler = SamplerCatalog.Create(sweep, prior ?? SearchPrior.None);
    private readonly Queue<Observation> _open = new();
    private long _cursor;

    public SearchHistory History { get; } = new();

    public List<(long Cursor, SearchMark Mark, Proposal Proposal)> Proposals { get; } = [];

    public double Best => History.Configurations.Where(seen => seen.Loss is not null).Min(seen => seen.Loss!.Value);

    /// <summary>Goes on until there are so many configurations, or no more.</summary>
    public SearchRun To(int count)
    {
        while (History.Configurations.Count < count)
        {
            if (_open.Count >= workers)
            {
                EndOne();
            }

            var mark = History.Mark();
            if (_sampler.Propose(_cursor, History) is not { } proposal)
            {
                break;
            }

            Proposals.Add((_cursor, mark, proposal));
            Assert.True(proposal.NextCursor > _cursor);
            _cursor = proposal.NextCursor;
            var begun = new Observation(History.Configurations.Count + 1, proposal.Parameters, ObservationState.Running, [], []);
            History.Put(begun);
            _open.Enqueue(begun);
        }

        while (_open.Count > 0)
        {
            EndOne();
        }

        return this;
    }

    private void EndOne()
    {
        var begun = _open.Dequeue();
        var told = losses(begun.Parameters);
        History.Put(double.IsNaN(told[0])
            ? begun with { State = ObservationState.Failed }
            : begun with { State = ObservationState.Completed, Losses = [.. told] });
    }
}
