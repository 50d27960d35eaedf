namespace SeqMnistSweep.Worker.Core;

/// <summary>A lease of this worker from its grant until nothing is left to report: it waits, runs, or waits for its uploads.</summary>
internal sealed class Lease(TrialGrant grant, IAttempt attempt)
{
    public TrialGrant Grant => grant;

    public IAttempt Attempt => attempt;

    public (TrialId Trial, long Number) Key => (grant.Trial, grant.Lease);

    public required AttemptReporter Reporter { get; init; }

    /// <summary>Null before and after its time in a slot.</summary>
    public int? Slot { get; set; }

    /// <summary>Timestamp of the grant, then of its entry into the slot, then of its start there.</summary>
    public long Since { get; set; }

    /// <summary>Its first code has run.</summary>
    public bool HasStarted { get; set; }

    /// <summary>It will not run any more.</summary>
    public bool HasLeft { get; set; }

    /// <summary>It has reported its last event, which may wait behind an upload.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Its last event is in the outbox, or no longer wanted.</summary>
    public bool IsReported { get; set; }

    /// <summary>The head has its last event.</summary>
    public bool IsAcknowledged { get; set; }
}
