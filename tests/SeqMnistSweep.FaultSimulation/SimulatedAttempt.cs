using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>A lease at a worker, from its grant to its last word.</summary>
internal sealed class SimulatedAttempt(TrialGrant grant)
{
    public TrialGrant Grant => grant;

    public int Epoch { get; set; } = grant.Resume?.Epoch ?? 0;

    public bool IsInSlot { get; set; }

    /// <summary>It has said its last word, though that may wait for an upload still.</summary>
    public bool HasLeft { get; set; }

    /// <summary>The epoch whose verdict it waits for; null while it trains.</summary>
    public int? WaitsAfter { get; set; }

    /// <summary>Its words that wait for an upload, or behind one that does.</summary>
    public Queue<AttemptEvent> Unsaid { get; } = [];

    public long Since { get; init; }

    public Dictionary<int, Verdict> Verdicts { get; } = [];

    public (TrialId Trial, long Lease) Key => (grant.Trial, grant.Lease);
}
