namespace SeqMnistSweep.Sampling;

/// <summary>Every feasible point of the grid, once. The cursor is the index of a combination.</summary>
internal sealed class GridSampler(SearchSpace space) : ISampler
{
    private readonly Grid _grid = new(space);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        long infeasible = 0;
        for (var index = cursor; index < _grid.Count; index++)
        {
            if (_grid.At(index) is not { } candidate) continue;

            if (candidate.Rules().FirstViolation() is null)
            {
                return new Proposal(candidate.ToParameterSet(), index + 1, infeasible, $"grid point {index + 1} of {_grid.Count}");
            }

            infeasible++;
        }

        return null;
    }
}
