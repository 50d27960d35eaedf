using Dapper;

namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>events</c>.</summary>
/// <param name="Event">Grows with every event of the database.</param>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Trial"><c>SWEEP/NUMBER</c>; null for an event of the sweep itself.</param>
/// <param name="Kind">What kind of event it is, in one word.</param>
/// <param name="FromState">The state before; null where the state did not change.</param>
/// <param name="ToState">The state after; null where the state did not change.</param>
/// <param name="Cause">Why a trial went to another state, in one word.</param>
/// <param name="Reason">Why, as a text for people.</param>
/// <param name="Actor">Who did it: a user, a worker, or <c>schedule</c>.</param>
/// <param name="Attempt">The attempt that it belongs to, counted from 1; null for none.</param>
/// <param name="Time">ISO 8601, UTC, with milliseconds.</param>
/// <param name="SaidBy">What a user said of themselves; null where they said nothing.</param>
[method: ExplicitConstructor]
public sealed record EventRow(
    long Event, string Sweep, string? Trial, string Kind, string? FromState, string? ToState, string? Cause, string Reason, string Actor,
    long? Attempt, string Time, string? SaidBy = null)
{
    private const string Proposed = "proposed";
    private const string State = "state";

    /// <summary>Whether it says only what every trial goes through, or is for a replay: no news for a person.</summary>
    public bool IsRoutine => Kind == Proposed
        || (Kind == State && Trial is not null && (ToState == TrialState.Leased.ToName()
            || (ToState == TrialState.Running.ToName() && Attempt == 1)));
}

/// <summary>An event with what is known of its trial by now.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Number">Null for an event of the sweep itself, and so are the next two.</param>
/// <param name="Configuration">The trial's configuration, counted from 1.</param>
/// <param name="Worker">Who runs the trial, or ran it last.</param>
/// <param name="Kind">What kind of event it is, in one word.</param>
/// <param name="FromState">The state before; null where the state did not change.</param>
/// <param name="ToState">The state after; null where the state did not change.</param>
/// <param name="Cause">Why a trial went to another state, in one word.</param>
/// <param name="Reason">Why, as a text for people.</param>
/// <param name="Actor">Who did it: a user, a worker, or <c>schedule</c>.</param>
/// <param name="Attempt">The attempt that it belongs to, counted from 1; null for none.</param>
[method: ExplicitConstructor]
public sealed record MoveRow(
    string Sweep, long? Number, long? Configuration, string? Worker, string Kind, string? FromState, string? ToState, string? Cause,
    string Reason, string Actor, long? Attempt);
