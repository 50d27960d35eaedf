using Dapper;

namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>attempts</c>: an attempt that runs, or has ended. A lease that was given back before anything ran is
/// none.</summary>
/// <param name="Trial">The trial's id.</param>
/// <param name="Attempt">From 1; databases of before schema 8 counted leases that were given back too.</param>
/// <param name="Worker">The worker that held the lease.</param>
/// <param name="Device">The device there; null where it is not known.</param>
/// <param name="Granted">When the head gave the lease: a worker that asks ahead lets the trial wait from then on for a slot.</param>
/// <param name="Started">When its runner had started; null when it failed or was lost before that.</param>
/// <param name="Ended">Null while it runs, and so are the next two.</param>
/// <param name="Outcome">The state in which it left the trial.</param>
/// <param name="Cause">Why it ended: a <see cref="Trials.TransitionCause"/>, or the <see cref="Trials.FailureCause"/>.</param>
[method: ExplicitConstructor]
public sealed record AttemptRow(
    string Trial, long Attempt, string Worker, string? Device, string Granted, string? Started, string? Ended, string? Outcome,
    string? Cause);
