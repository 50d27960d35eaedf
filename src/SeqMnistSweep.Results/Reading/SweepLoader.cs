using System.Data;
using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace SeqMnistSweep.Results.Reading;

/// <summary>Tables to records: the way back from <c>Writing</c>.</summary>
internal static class SweepLoader
{
    /// <summary>A sweep as of one moment; null when there is no such sweep.</summary>
    /// <param name="read">Gets rows as they come from the disk: a sweep of a million trials is never there as a whole. To be read in this
    /// call.</param>
    public static T? Load<T>(SqliteConnection connection, SweepId id, Func<SweepStream, T> read)
        where T : class
    {
        // One deferred transaction: every query below sees the same commit, whatever the head writes meanwhile.
        connection.Execute("begin deferred");
        try
        {
            return Sweep(connection, id) is { } sweep
                ? read(
                    new SweepStream(sweep, Trials(connection, id), all => Reports(connection, id, all), () => Checkpoints(connection, id)))
                : null;
        }
        finally
        {
            connection.Execute("rollback");
        }
    }

    /// <summary>All of it; null when there is no such sweep.</summary>
    public static RestoredSweep? Load(SqliteConnection connection, SweepId id) =>
        Load(connection, id, rows => new RestoredSweep(rows.Sweep, [.. rows.Trials], [.. rows.Reports(true)], [.. rows.Checkpoints()]));

    /// <summary>The sweep and who holds its leases; null when there is no such sweep.</summary>
    public static SweepOutline? Outline(SqliteConnection connection, SweepId id) => Sweep(connection, id) is { } sweep
        ? new SweepOutline(sweep, [.. StoredTrials.Active(connection, id)])
        : null;

    private static SweepRecord? Sweep(SqliteConnection connection, SweepId id)
    {
        using var row = (DbDataReader)connection.ExecuteReader(
            "select * from sweep where id = @sweep and deleted is null", new { sweep = id.Value });
        return !row.Read() ? null : new SweepRecord
        {
            Id = SweepId.Parse(row.GetString("id")),
            Name = row.GetString("name"),
            State = StateNames.Parse<SweepState>(row.GetString("state")),
            Method = row.GetString("method"),
            Metric = row.GetString("metric"),
            Maximize = row.GetBoolean("maximize"),
            Source = row.GetString("source"),
            Digest = row.GetString("digest"),
            Priority = row.GetInt32("priority"),
            Seeds = row.GetInt32("seeds"),
            Weight = row.GetDouble("weight"),
            Defaults = row.GetInt32("defaults"),
            SlotSeconds = row.GetDouble("slot_seconds"),
            DatasetDigests =
                JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString("dataset_digests"))!.ToImmutableSortedDictionary(),
            Cursor = row.GetInt64("cursor"),
            Infeasible = row.GetInt64("infeasible"),
            SettledAtBest = row.IsDBNull("settled_at_best") ? null : row.GetInt32("settled_at_best"),
            LowImprovements = row.GetInt32("low_improvements"),
            Planned = row.IsDBNull("planned") ? null : row.GetInt64("planned"),
            Created = Timestamp.Parse(row.GetString("created")),
            Started = Time("started"),
            Finished = Time("finished"),
            Cause = Text("cause") is { } cause ? StateNames.Parse<SweepCause>(cause) : null,
            Reason = Text("reason"),
            SubmitKey = Text("submit_key"),
            Edits = EditsJson.Read(row.GetString("edits")),
            Metrics = MetricsJson.Read(row.GetString("metrics")),
            Prior = PriorJson.Read(row.GetString("prior"), row.GetString("prior_points")),
        };

        string? Text(string column) => row.IsDBNull(column) ? null : row.GetString(column);
        DateTimeOffset? Time(string column) => Text(column) is { } text ? Timestamp.Parse(text) : null;
    }

    private static IEnumerable<TrialRecord> Trials(SqliteConnection connection, SweepId id)
    {
        using var checkpoints = Checkpoints(connection, id).GetEnumerator();
        var isMore = checkpoints.MoveNext();
        foreach (var trial in StoredTrials.All(connection, id))
        {
            CheckpointFile? earlier = null;
            CheckpointFile? best = null;
            for (; isMore && checkpoints.Current.Trial <= trial.Number; isMore = checkpoints.MoveNext())
            {
                // What a running trial falls back on is the last stored one before its own that is in another file; the one before that is
                // kept, if only one is, for it is the best.
                if (checkpoints.Current.Trial == trial.Number && trial.Checkpoint?.IsAfter(checkpoints.Current.Checkpoint) == true
                    && trial.Checkpoint.Digest != checkpoints.Current.Checkpoint.Digest)
                {
                    (best, earlier) = (earlier, checkpoints.Current.Checkpoint);
                }
            }

            yield return earlier is null ? trial : trial with { EarlierCheckpoint = earlier, BestCheckpoint = best };
        }
    }

    private static IEnumerable<StoredReport> Reports(SqliteConnection connection, SweepId id, bool all) =>
        connection.Query<(int Number, int Attempt, int Epoch, string Metrics, string Time)>(
            $"""
            select t.number, r.attempt, r.epoch, r.metrics, r.time
            from trial t
            join report r on r.trial = t.key
            where t.sweep = @sweep {(all ? "" : "and t.state not in ('completed', 'pruned', 'cancelled')")}
            order by t.number, r.epoch
            """,
            new { sweep = id.Value },
            buffered: false)
            .Select(r => new StoredReport(r.Number, r.Attempt, EpochReport.FromJson(r.Epoch, r.Metrics), Timestamp.Parse(r.Time)));

    private static IEnumerable<StoredCheckpoint> Checkpoints(SqliteConnection connection, SweepId id) =>
        connection.Query<(int Number, int Attempt, int Epoch, int Batch, string Digest, long Bytes, string Time, string? Name)>(
            """
            select t.number, c.attempt, c.epoch, c.batch, c.digest, c.bytes, c.time, c.name
            from checkpoint c
            cross join trial t on t.key = c.trial -- few trials have one
            where t.sweep = @sweep
            order by t.number, c.epoch, c.batch
            """,
            new { sweep = id.Value },
            buffered: false)
            .Select(c => new StoredCheckpoint(
                c.Number, c.Attempt, new CheckpointFile(c.Epoch, c.Batch, c.Digest, c.Bytes, c.Name), Timestamp.Parse(c.Time)));
}
