using System.Text.Json;

namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>worker</c>: a row per name.</summary>
internal static class WorkerWriter
{
    public static void Put(Statements statements, WorkerSeen worker) => statements.Execute(
        """
        insert into worker (
          name, incarnation, device, slots, state, started, seen, tags, version, allows_programs, drain_reason, drained_by)
        values (@name, @incarnation, @device, @slots, @state, @time, @time, @tags, @version, @programs, @reason, @by)
        on conflict (name) do update
        set started = iif(incarnation = excluded.incarnation, started, excluded.started), incarnation = excluded.incarnation,
          device = excluded.device, slots = excluded.slots, state = excluded.state, seen = excluded.seen, tags = excluded.tags,
          version = excluded.version, allows_programs = excluded.allows_programs, drain_reason = excluded.drain_reason,
          drained_by = excluded.drained_by
        """,
        ("name", worker.Name), ("incarnation", worker.Incarnation), ("device", worker.Device), ("slots", worker.Slots),
        ("state", worker.State), ("time", Timestamp.Format(worker.Time)), ("tags", JsonSerializer.Serialize(worker.Tags)),
        ("version", worker.Version), ("programs", worker.AllowsPrograms), ("reason", worker.DrainReason), ("by", worker.DrainedBy));
}
