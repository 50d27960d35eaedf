using System.Text.Json;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>sweep</c>.</summary>
internal static class SweepWriter
{
    public static void Add(Statements statements, SweepRecord sweep) => statements.Execute(
        """
        insert into sweep (id, name, state, method, metric, maximize, source, digest, priority, dataset_digests, cursor, infeasible,
          planned, created, started, finished, cause, reason, submit_key, metrics, prior, prior_points, edits,
          weight, slot_seconds, seeds, settled_at_best, low_improvements, description, tags, defaults)
        values (@id, @name, @state, @method, @metric, @maximize, @source, @digest, @priority, @datasets, @cursor, @infeasible,
          @planned, @created, @started, @finished, @cause, @reason, @submit_key, @metrics, @prior, @prior_points, @edits,
          @weight, @slot_seconds, @seeds, @settled_at_best, @low_improvements, @description, @tags, @defaults)
        """,
        [
            .. Labels(sweep.Source), ("defaults", sweep.Defaults),
            ("created", Timestamp.Format(sweep.Created)), ("submit_key", sweep.SubmitKey), ("metrics", MetricsJson.Write(sweep.Metrics)),
            ("prior", PriorJson.WriteSources(sweep.Prior)), ("prior_points", PriorJson.WritePoints(sweep.Prior)),
            .. Changeable(sweep),
        ]);

    public static void Update(Statements statements, SweepRecord sweep)
    {
        var rows = statements.Execute(
            """
            update sweep
            set name = @name, state = @state, method = @method, metric = @metric, maximize = @maximize, source = @source, digest = @digest,
              priority = @priority, dataset_digests = @datasets, cursor = @cursor, infeasible = @infeasible, planned = @planned,
              started = @started, finished = @finished, cause = @cause, reason = @reason, edits = @edits,
              weight = @weight, slot_seconds = @slot_seconds, seeds = @seeds, settled_at_best = @settled_at_best,
              low_improvements = @low_improvements,
              archived = iif(@finished is null, null, archived) -- what goes on is looked for again
            where id = @id and deleted is null
            """,
            Changeable(sweep));
        if (rows == 0) throw new InvalidOperationException($"there is no sweep {sweep.Id} to change");
    }

    private static (string, object?)[] Labels(string source)
    {
        var (description, tags) = SweepFile.ReadLabels(source);
        return [("description", description), ("tags", TagsJson.Write(tags))];
    }

    private static (string, object?)[] Changeable(SweepRecord sweep) =>
    [
        ("id", sweep.Id.Value), ("name", sweep.Name), ("state", sweep.State.ToName()), ("method", sweep.Method), ("metric", sweep.Metric),
        ("maximize", sweep.Maximize), ("source", sweep.Source), ("digest", sweep.Digest), ("priority", sweep.Priority),
        ("datasets", JsonSerializer.Serialize(sweep.DatasetDigests)), ("cursor", sweep.Cursor), ("infeasible", sweep.Infeasible),
        ("planned", sweep.Planned), ("started", sweep.Started is { } started ? Timestamp.Format(started) : null),
        ("finished", sweep.Finished is { } finished ? Timestamp.Format(finished) : null), ("cause", sweep.Cause?.ToName()),
        ("reason", sweep.Reason),
        ("edits", EditsJson.Write(sweep.Edits)), ("weight", sweep.Weight), ("slot_seconds", sweep.SlotSeconds), ("seeds", sweep.Seeds),
        ("settled_at_best", sweep.SettledAtBest), ("low_improvements", sweep.LowImprovements),
    ];
}
