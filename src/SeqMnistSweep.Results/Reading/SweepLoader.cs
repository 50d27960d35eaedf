using System.Text.Json;
using Dapper;

namespace SeqMnistSweep.Results.Reading;

/// <summary>Tables to records: the way back from <c>Writing</c>.</summary>
internal static class SweepLoader
{
    static SweepLoader() => DefaultTypeMap.MatchNamesWithUnderscores = true;

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

    private static SweepRecord? Sweep(SqliteConnection connection, SweepId id) =>
        connection.QuerySingleOrDefault<StoredSweep>("select * from sweep where id = @sweep", new { sweep = id.Value })?.ToRecord();

    private static IEnumerable<TrialRecord> Trials(SqliteConnection connection, SweepId id)
    {
        using var checkpoints = Checkpoints(connection, id).GetEnumerator();
        var isMore = checkpoints.MoveNext();
        foreach (var trial in StoredTrials.All(connection, id))
        {
            CheckpointFile? earlier = null;
            for (; isMore && checkpoints.Current.Trial <= trial.Number; isMore = checkpoints.MoveNext())
            {
                // What a running trial falls back on is the last stored one before its own.
                if (checkpoints.Current.Trial == trial.Number && trial.Checkpoint?.IsAfter(checkpoints.Current.Checkpoint) == true)
                {
                    earlier = checkpoints.Current.Checkpoint;
                }
            }

            yield return earlier is null ? trial : trial with { EarlierCheckpoint = earlier };
        }
    }

    private static IEnumerable<StoredReport> Reports(SqliteConnection connection, SweepId id, bool all) => connection.Query<ReportOfTrial>(
        $"""
        select t.number, r.attempt, r.epoch, r.metrics, r.time
        from trial t
        join report r on r.trial = t.key
        where t.sweep = @sweep {(all ? "" : "and t.state not in ('completed', 'pruned', 'cancelled')")}
        order by t.number, r.epoch
        """,
        new { sweep = id.Value },
        buffered: false).Select(r => r.ToRecord());

    private static IEnumerable<StoredCheckpoint> Checkpoints(SqliteConnection connection, SweepId id) =>
        connection.Query<CheckpointOfTrial>(
        """
        select t.number, c.attempt, c.epoch, c.batch, c.digest, c.bytes, c.time
        from checkpoint c
        cross join trial t on t.key = c.trial -- few trials have one
        where t.sweep = @sweep
        order by t.number, c.epoch, c.batch
        """,
        new { sweep = id.Value },
        buffered: false).Select(c => c.ToRecord());

    private static DateTimeOffset? Time(string? text) => text is null ? null : Timestamp.Parse(text);

    private sealed record StoredSweep
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required string State { get; init; }

        public required string Method { get; init; }

        public required string Metric { get; init; }

        public required bool Maximize { get; init; }

        public required string Source { get; init; }

        public required string Digest { get; init; }

        public required int Priority { get; init; }

        public required double Weight { get; init; }

        public required double SlotSeconds { get; init; }

        public required string DatasetDigests { get; init; }

        public required long Cursor { get; init; }

        public required long Infeasible { get; init; }

        public long? Planned { get; init; }

        public required string Created { get; init; }

        public string? Started { get; init; }

        public string? Finished { get; init; }

        public string? Reason { get; init; }

        public string? SubmitKey { get; init; }

        public required string Edits { get; init; }

        public required string Metrics { get; init; }

        public required string Prior { get; init; }

        public required string PriorPoints { get; init; }

        public SweepRecord ToRecord() => new()
        {
            Id = SweepId.Parse(Id),
            Name = Name,
            State = StateNames.Parse<SweepState>(State),
            Method = Method,
            Metric = Metric,
            Maximize = Maximize,
            Source = Source,
            Digest = Digest,
            Priority = Priority,
            Weight = Weight,
            SlotSeconds = SlotSeconds,
            DatasetDigests = JsonSerializer.Deserialize<Dictionary<string, string>>(DatasetDigests)!.ToImmutableSortedDictionary(),
            Cursor = Cursor,
            Infeasible = Infeasible,
            Planned = Planned,
            Created = Timestamp.Parse(Created),
            Started = Time(Started),
            Finished = Time(Finished),
            Reason = Reason,
            SubmitKey = SubmitKey,
            Edits = EditsJson.Read(Edits),
            Metrics = MetricsJson.Read(Metrics),
            Prior = PriorJson.Read(Prior, PriorPoints),
        };
    }

    private sealed record ReportOfTrial
    {
        public required int Number { get; init; }

        public required int Attempt { get; init; }

        public required int Epoch { get; init; }

        public required string Metrics { get; init; }

        public required string Time { get; init; }

        public StoredReport ToRecord() => new(Number, Attempt, EpochReport.FromJson(Epoch, Metrics), Timestamp.Parse(Time));
    }

    private sealed record CheckpointOfTrial
    {
        public required int Number { get; init; }

        public required int Attempt { get; init; }

        public required int Epoch { get; init; }

        public required int Batch { get; init; }

        public required string Digest { get; init; }

        public required long Bytes { get; init; }

        public required string Time { get; init; }

        public StoredCheckpoint ToRecord() => new(Number, Attempt, new CheckpointFile(Epoch, Batch, Digest, Bytes), Timestamp.Parse(Time));
    }
}
