namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>attempts</c>: an attempt that runs, or has ended. A lease that was given back before anything ran is
/// none.</summary>
public sealed record AttemptRow
{
    /// <summary>The trial's id.</summary>
    public required string Trial { get; init; }

    /// <summary>From 1; databases of before schema 8 counted leases that were given back too.</summary>
    public required long Attempt { get; init; }

    /// <summary>The worker that held the lease.</summary>
    public required string Worker { get; init; }

    /// <summary>The device there; null where it is not known.</summary>
    public string? Device { get; init; }

    /// <summary>When the head gave the lease: a worker that asks ahead lets the trial wait from then on for a slot.</summary>
    public required string Granted { get; init; }

    /// <summary>When its runner had started; null when it failed or was lost before that.</summary>
    public string? Started { get; init; }

    /// <summary>Null while it runs, and so are the next two.</summary>
    public string? Ended { get; init; }

    /// <summary>The state in which it left the trial.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why it ended: a <see cref="Trials.TransitionCause"/>, or the <see cref="Trials.FailureCause"/>.</summary>
    public string? Cause { get; init; }
}
