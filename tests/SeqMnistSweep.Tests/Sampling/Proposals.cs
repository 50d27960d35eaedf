using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.Sampling;

internal static class Proposals
{
    /// <summary>The first proposals of a sweep, each found from the cursor that the one before gave.</summary>
    public static List<ParameterSet> Of(SweepDefinition sweep, int count = int.MaxValue) => [.. Walk(sweep).Take(count).Select(proposal => proposal.Parameters)];

    public static IEnumerable<Proposal> Walk(SweepDefinition sweep)
    {
        long cursor = 0;
        while (SamplerCatalog.Create(sweep).Propose(cursor, new SearchHistory()) is { } proposal)
        {
            Assert.True(proposal.NextCursor > cursor);
            cursor = proposal.NextCursor;
            yield return proposal;
        }
    }
}
