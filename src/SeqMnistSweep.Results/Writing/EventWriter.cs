using System.Text.Json;
using SeqMnistSweep.Files;
using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>event</c>: the one place where an <see cref="Occurrence"/> becomes words.</summary>
internal static class EventWriter
{
    public static void Add(Statements statements, SweepId sweep, SweepEvent entry)
    {
        var row = Row.Of(entry.What);
        var (actor, said) = Actor.Split(entry.By);
        statements.Execute(
            """
            insert into event (sweep, trial, kind, from_state, to_state, cause, known, reason, actor, attempt, time, said_by)
            values (@sweep, @trial, @kind, @from, @to, @cause, @known, @reason, @by, @attempt, @time, @said)
            """,
            ("sweep", sweep.Value), ("trial", row.Trial), ("kind", row.Kind), ("from", row.From), ("to", row.To), ("cause", row.Cause),
            ("known", row.Known is null ? null : JsonSerializer.Serialize(row.Known, JsonPolicy.CompactRecords)), ("reason", entry.Reason),
            ("by", actor), ("attempt", row.Attempt), ("time", Timestamp.Format(entry.Time)), ("said", said));
    }

    private sealed record Row(
        string Kind, int? Trial = null, int? Attempt = null, string? From = null, string? To = null, string? Cause = null,
        SearchMark? Known = null)
    {
        public static Row Of(Occurrence what) => what switch
        {
            Occurrence.TrialMoved moved => new Row(
                moved.Cause == TransitionCause.Retried ? "action" : EventKinds.State, moved.Trial, moved.Attempt, moved.From.ToName(),
                moved.To.ToName(), moved.Cause.ToName(moved.Failure)),
            Occurrence.SweepMoved moved => new Row(
                EventKinds.State, From: moved.From.ToName(), To: moved.To.ToName(), Cause: moved.Cause.ToName()),
            Occurrence.SweepSubmitted submitted => new Row("action", To: submitted.State.ToName()),
            Occurrence.SweepChanged => new Row("action"),
            Occurrence.SweepLabelled => new Row("labelled"),
            Occurrence.TrialProposed proposed => new Row(EventKinds.Proposed, proposed.Trial, Known: proposed.Known),
            Occurrence.ReportMismatch differs => new Row("report_mismatch", differs.Trial, differs.Attempt),
            Occurrence.CheckpointLost lost => new Row("checkpoint_lost", lost.Trial, lost.Attempt),
            Occurrence.CannotPause trial => new Row("cannot_pause", trial.Trial, trial.Attempt),
            Occurrence.CheckpointDropped dropped => new Row("checkpoint_dropped", dropped.Trial),
            Occurrence.WorkerQuarantined => new Row(EventKinds.Quarantined),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such occurrence is known"),
        };
    }
}
