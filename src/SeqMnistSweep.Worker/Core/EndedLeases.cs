namespace SeqMnistSweep.Worker.Core;

/// <summary>The leases that ended here last: none of them may run again, whatever a late answer of the head says.</summary>
internal sealed class EndedLeases
{
    /// <summary>Answers are never later than a few exchanges.</summary>
    public const int Kept = 10_000;

    private readonly HashSet<(TrialId, long)> _known = [];
    private readonly Queue<(TrialId, long)> _order = [];

    public bool Contains(TrialId trial, long lease) => _known.Contains((trial, lease));

    public void Add(TrialId trial, long lease)
    {
        if (!_known.Add((trial, lease))) return;

        _order.Enqueue((trial, lease));
        if (_order.Count > Kept)
        {
            _known.Remove(_order.Dequeue());
        }
    }
}
