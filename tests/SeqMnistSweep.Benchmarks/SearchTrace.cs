using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Benchmarks;

/// <summary>One search: samplers at work without head, workers or database. With several workers each trial takes as long as another, so a proposal sees all results but the last of each worker.</summary>
internal static class SearchTrace
{
    public static SearchHistory Run(SearchProblem problem, string method, int seed, int configurations, int workers = 1)
    {
        var sampler = SamplerCatalog.Create(problem.Sweep(method, seed));
        var history = new SearchHistory();
        var open = new Queue<Observation>();
        var cursor = 0L;
        while (history.Configurations.Count < configurations || open.Count > 0)
        {
            if (open.Count == workers || history.Configurations.Count == configurations)
            {
                var ended = open.Dequeue();
                history.Put(ended with { State = ObservationState.Completed, Losses = [.. problem.Losses(ended.Parameters)] });
                continue;
            }

            var proposal = sampler.Propose(cursor, history) ?? throw new InvalidOperationException($"{method} proposes nothing more for {problem.Name}");
            cursor = proposal.NextCursor;
            var begun = new Observation(history.Configurations.Count + 1, proposal.Parameters, ObservationState.Running, [], []);
            history.Put(begun);
            open.Enqueue(begun);
        }

        return history;
    }

    /// <summary>The lowest loss of the first so many, less the function's minimum.</summary>
    public static double Regret(SearchProblem problem, SearchHistory history, int after) =>
        history.Configurations.Take(after).Min(known => known.Loss!.Value) - problem.Minimum;
}
