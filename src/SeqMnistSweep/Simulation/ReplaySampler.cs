using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Simulation;

/// <summary>Proposes recorded trials in an order of its own: a random one, for much depends on the order in which they come.</summary>
internal sealed class ReplaySampler : ISampler
{
    public const string Recorded = "recorded";

    private readonly ImmutableArray<RecordedCurve> _curves;
    private readonly int[] _order;

    public ReplaySampler(ImmutableArray<RecordedCurve> curves, long seed)
    {
        _curves = curves;
        _order = [.. Enumerable.Range(0, curves.Length).OrderBy(i => RandomSeed.Derive(seed, "replay", i))];
    }

    public Proposal? Propose(long cursor, SearchHistory history) =>
        cursor < _order.Length
            ? new Proposal(ParametersOf(_order[cursor]), cursor + 1, 0, $"recorded trial {_curves[_order[cursor]].Trial}")
            : null;

    private ParameterSet ParametersOf(int index) => new(
    [
        KeyValuePair.Create(Recorded, ParameterValue.Of((long)index)),
        KeyValuePair.Create(TrainableDescription.Epochs, ParameterValue.Of((long)_curves[index].Values.Length)),
    ]);
}
