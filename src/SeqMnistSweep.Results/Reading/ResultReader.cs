using Dapper;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Results.Reading;

/// <summary>Reads a database: from any process, with or without a head, while the head writes. Every method opens a connection of its own
/// and sees the commits made before the call. Safe for use by many threads.</summary>
/// <param name="path">The database file.</param>
/// <remarks>Every method throws <see cref="DatabaseMissingException"/> without a file and <see cref="DatabaseException"/> for one that
/// cannot be read.</remarks>
public sealed class ResultReader(string path)
{
    private const string Unfinished = "state in ('queued', 'running', 'paused', 'stopping')";

    private static readonly string AllSweeps = SweepsWhere("true");

    /// <summary>Counts and best values without a look at the trials that have ended, which are tallied already.</summary>
    private static string SweepsWhere(string condition) =>
        $"""
        select s.*, coalesce(t.trials, 0) as trials, t.queued, t.running, t.paused, t.completed, t.pruned, t.failed, t.cancelled,
          (select value from standing b where b.sweep = s.sweep and b.partial = 0 order by b.loss, b.number limit 1) as best
        from sweeps s
        left join (
          select sweep, sum(trials) as trials, sum(iif(state = 'queued', trials, 0)) as queued,
            sum(iif(state in ('leased', 'running'), trials, 0)) as running,
            sum(iif(state = 'paused', trials, 0)) as paused, sum(iif(state = 'completed', trials, 0)) as completed,
            sum(iif(state = 'pruned', trials, 0)) as pruned,
            sum(iif(state = 'failed', trials, 0)) as failed, sum(iif(state = 'cancelled', trials, 0)) as cancelled
          from ({CountsWhere(condition)})
          group by sweep
        ) t on t.sweep = s.sweep
        """;

    /// <summary>Trials by sweep and state.</summary>
    /// <param name="condition">On the columns of <c>sweep</c>.</param>
    private static string CountsWhere(string condition) =>
        $"""
        select sweep, state, trials from tally where sweep in (select id from sweep where {condition} and deleted is null)
        union all
        select t.sweep, t.state, count(*)
        from (select id from sweep where {condition} and deleted is null) s
        cross join trial t indexed by trial_by_state on t.sweep = s.id and t.state in ('queued', 'leased', 'running', 'paused', 'failed')
        group by t.sweep, t.state
        """;

    static ResultReader() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>The file's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The process of the head that writes to this database, when there is one on this machine.</summary>
    public int? HeadProcess() => LockFile.LivingHolder(Path);

    /// <summary>Whether a head or a run has this database.</summary>
    public bool IsHeld() => LockFile.IsHeld(Path);

    /// <summary>What the database takes, the log that is not written back yet included.</summary>
    public long Bytes() => Read(c => c.QuerySingle<long>("select page_count * page_size from pragma_page_count, pragma_page_size"));

    /// <summary>All sweeps, the newest first.</summary>
    public IReadOnlyList<SweepRow> Sweeps() => Read(c => Rows<SweepRow>(c, $"{AllSweeps} order by s.created desc, s.sweep desc"));

    /// <summary>One sweep, by its whole id: without a look at the trials of the others.</summary>
    public SweepRow? Sweep(SweepId sweep) => Read(c => Rows<SweepRow>(
        c, $"{SweepsWhere("id = @sweep")} where s.sweep = @sweep", new { sweep = sweep.Value }).SingleOrDefault());

    /// <summary>The best configuration: the first in the leaderboard that has every seed and a value; null without one.</summary>
    public LeaderboardRow? Best(SweepId sweep) => Leaderboard(sweep, 1) is [{ IsWhole: true, Value: not null } best] ? best : null;

    /// <summary>The sweeps that <paramref name="reference"/> may mean, the newest first: the one with exactly this id, else those of this
    /// title, else those whose id begins with it, else none. <c>@last</c> means the newest that is not archived.</summary>
    public IReadOnlyList<SweepRow> FindSweeps(string reference)
    {
        var sweeps = Sweeps();
        if (reference.Length == 0) return [];

        if (reference == "@last") return [.. sweeps.OrderBy(s => s.Archived is not null).Take(1)];

        Func<SweepRow, bool>[] ways =
        [
            s => s.Sweep == reference,
            s => string.Equals(s.Title, reference, StringComparison.OrdinalIgnoreCase),
            s => s.Sweep.StartsWith(reference, StringComparison.Ordinal),
        ];
        return ways.Select(way => sweeps.Where(way).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
    }

    /// <summary>The newest sweep of this content (<see cref="Definitions.SweepDefinition.Digest"/>) that can still go on.</summary>
    public SweepId? UnfinishedSweep(string digest) => Newest($"digest = @digest and {Unfinished}", new { digest });

    /// <summary>The newest sweep of this content.</summary>
    public SweepId? NewestSweep(string digest) => Newest("digest = @digest", new { digest });

    /// <summary>Every sweep that can still go on, the oldest first: what a head takes up when it starts.</summary>
    public IReadOnlyList<SweepId> UnfinishedSweeps() => Read(c => Ids(c, Unfinished));

    /// <summary>The sweep whose submission was given this name.</summary>
    public SweepId? SweepWithKey(string key) => Newest("submit_key = @key", new { key });

    /// <summary>The sweep's last change to a state.</summary>
    public EventRow? LastMove(SweepId sweep, SweepState to) => Read(c => Rows<EventRow>(
        c,
        "select * from events where sweep = @sweep and number is null and to_state = @to order by event desc limit 1",
        new { sweep = sweep.Value, to = to.ToName() }).SingleOrDefault());

    /// <summary>All that a schedule is rebuilt from, as of one moment; null when there is no such sweep.</summary>
    public RestoredSweep? LoadSweep(SweepId sweep) => Read(c => SweepLoader.Load(c, sweep));

    /// <summary>The same for a sweep that may be too large to be there twice; null when there is no such sweep.</summary>
    /// <param name="read">Gets the rows as they come, and is done with them when it returns.</param>
    public T? LoadSweep<T>(SweepId sweep, Func<SweepStream, T> read)
        where T : class => Read(c => SweepLoader.Load(c, sweep, read));

    /// <summary>The sweep and who holds its leases; null when there is no such sweep.</summary>
    public SweepOutline? Outline(SweepId sweep) => Read(c => SweepLoader.Outline(c, sweep));

    /// <summary>All trials of a sweep, by number.</summary>
    public IReadOnlyList<TrialRow> Trials(SweepId sweep) => Read(c => Rows<TrialRow>(
        c, "select * from trials where sweep = @sweep order by number", new { sweep = sweep.Value }));

    /// <summary>The completed and the pruned trials that have a value, by number. Who lacks a seed ranks as pruned.</summary>
    public IReadOnlyList<EndedTrial> EndedTrials(SweepId sweep) =>
        Read(c => c.Query<(int Configuration, string Params, string State, double Value, int Epoch)>(
        """
        select t.configuration, t.params, iif(s.partial, 'pruned', t.state), t.value, t.epoch
        from trial t
        left join standing s on s.sweep = t.sweep and s.configuration = t.configuration
        where t.sweep = @sweep and t.state in ('completed', 'pruned') and t.value is not null
        order by t.number
        """,
        new { sweep = sweep.Value }).Select(t =>
            new EndedTrial(t.Configuration, ParameterSet.FromJson(t.Params), StateNames.Parse<TrialState>(t.State), t.Value, t.Epoch))
                .ToList());

    /// <summary>Seconds that the completed and pruned trials took, the newest by number.</summary>
    public IReadOnlyList<double> LastDurations(SweepId sweep, int most) => Read(c => c.Query<double>(
        """
        select run_seconds from trial
        where sweep = @sweep and +state in ('completed', 'pruned')
        order by number desc limit @most
        """,
        new { sweep = sweep.Value, most }).AsList());

    /// <summary>Seconds in which at least one of the sweep's attempts ran. One that was lost ran until its last report.</summary>
    /// <param name="now">Until when those run that have not ended.</param>
    public double RanSeconds(SweepId sweep, DateTimeOffset now) => Read(c => c.QuerySingle<double>(
        """
        with span as (
          select julianday(a.started) as first, julianday(iif(
            a.cause in ('worker_lost', 'head_restarted'),
            coalesce((select max(r.time) from reports r where r.trial = a.trial and r.attempt = a.attempt), a.started),
            coalesce(a.ended, @now))) as last
          from attempts a where a.sweep = @sweep and a.started is not null
        )
        select coalesce(sum(max(0, last - max(first, coalesce(before, first)))), 0) * 86400 from (
          select first, last, max(last) over (order by first rows between unbounded preceding and 1 preceding) as before from span
        )
        """,
        new { sweep = sweep.Value, now = Timestamp.Format(now) }));

    /// <summary>When the attempts started that run.</summary>
    public IReadOnlyList<DateTimeOffset> Starts(SweepId sweep, int most) => Read(c => c.Query<string>(
        "select attempt_started from trial indexed by trial_by_state where sweep = @sweep and state = 'running' limit @most",
        new { sweep = sweep.Value, most }).Select(Timestamp.Parse).ToList());

    /// <summary>One trial; null when there is none of that number.</summary>
    public TrialRow? Trial(TrialId trial) => Read(c => Rows<TrialRow>(
        c, "select * from trials where trial = @trial", new { trial = trial.ToString() }).SingleOrDefault());

    /// <summary>The attempts of a trial that have ended, and the one that runs, in order.</summary>
    public IReadOnlyList<AttemptRow> Attempts(TrialId trial) => Read(c => Rows<AttemptRow>(
        c, "select * from attempts where trial = @trial order by attempt", new { trial = trial.ToString() }));

    /// <summary>The reports of a trial, by epoch.</summary>
    public IReadOnlyList<ReportRow> Reports(TrialId trial) => Read(c => Rows<ReportRow>(
        c, "select * from reports where trial = @trial order by epoch", new { trial = trial.ToString() }));

    /// <summary>The first <paramref name="top"/> rows; all of them by default. Read in the order of an index, so a few cost the same of a
    /// million.</summary>
    public IReadOnlyList<LeaderboardRow> Leaderboard(SweepId sweep, int top = int.MaxValue) => Read(c => Rows<LeaderboardRow>(
        c, "select * from leaderboard where sweep = @sweep limit @top", new { sweep = sweep.Value, top }));

    /// <summary>Configurations that no other beats in all metrics together; none for a sweep with one metric.</summary>
    public IReadOnlyList<ParetoRow> Front(SweepId sweep) => Read(c => Rows<ParetoRow>(
        c, "select * from pareto where sweep = @sweep", new { sweep = sweep.Value }));

    /// <summary>Who submitted a sweep; null where there is no such sweep.</summary>
    public string? SubmitterOf(SweepId sweep) => Read(c => c.QueryFirstOrDefault<string>(
        "select actor from event where sweep = @sweep order by key limit 1", new { sweep = sweep.Value }));

    /// <summary>The last <paramref name="last"/> events of a sweep and its trials, in the order in which they happened.</summary>
    /// <param name="news">Without those that are <see cref="EventRow.IsRoutine"/>.</param>
    public IReadOnlyList<EventRow> Events(SweepId sweep, int last = int.MaxValue, bool news = false) => Read(c => Rows<EventRow>(
        c,
        $"""
        select * from (
          select * from events where sweep = @sweep and {(news ? EventKinds.News : "true")} order by event desc limit @last
        ) order by event
        """,
        new { sweep = sweep.Value, last }));

    /// <summary>Number of the sweep's newest event; 0 without any.</summary>
    public long LastEvent(SweepId sweep) => Read(c => c.QuerySingle<long>(
        "select coalesce((select max(key) from event indexed by event_by_sweep where sweep = @sweep), 0)", new { sweep = sweep.Value }));

    /// <summary>Number of the newest event of all.</summary>
    public long LastEvent() => Read(c => c.QuerySingle<long>("select coalesce(max(key), 0) from event"));

    /// <summary>At most <paramref name="limit"/> events of any sweep that were written after event <paramref name="after"/>, in
    /// order.</summary>
    public IReadOnlyList<EventRow> EventsAfter(long after, int limit) => Read(c => Rows<EventRow>(
        c, "select * from events where event > @after order by event limit @limit", new { after, limit }));

    /// <summary>At most <paramref name="limit"/> events that were written after event <paramref name="after"/>, in order.</summary>
    public IReadOnlyList<EventRow> EventsAfter(SweepId sweep, long after, int limit) => Read(c => Rows<EventRow>(
        c,
        "select * from events where sweep = @sweep and event > @after order by event limit @limit",
        new { sweep = sweep.Value, after, limit }));

    /// <summary>The last <paramref name="last"/> events of one trial, in the order in which they happened.</summary>
    public IReadOnlyList<EventRow> Events(TrialId trial, int last = int.MaxValue) => Read(c => Rows<EventRow>(
        c,
        """
        select * from (
          select * from events where sweep = @sweep and number = @number order by event desc limit @last
        ) order by event
        """,
        new { sweep = trial.Sweep.Value, number = trial.Number, last }));

    /// <summary>Of the last <paramref name="last"/> events of all sweeps the transitions and quarantines, in the order in which they
    /// happened.</summary>
    public IReadOnlyList<MoveRow> LastMoves(int last) => Read(c => Rows<MoveRow>(
        c,
        """
        select e.sweep, e.trial as number, t.configuration, t.worker, e.kind, e.from_state, e.to_state,
          e.cause, e.reason, e.actor, e.attempt
        from event e
        left join trial t on t.sweep = e.sweep and t.number = e.trial
        where e.key > (select coalesce(max(key), 0) from event) - @last and e.kind in (@state, @quarantined)
        order by e.key
        """,
        new { last, state = EventKinds.State, quarantined = EventKinds.Quarantined }));

    /// <summary>Failed trials by cause, the commonest first.</summary>
    public IReadOnlyList<FailureCount> Failures(SweepId sweep) => Read(c => Rows<FailureCount>(
        c,
        """
        select cause, count(*) as trials, min(trial) as example, min(message) as message
        from trials
        where sweep = @sweep and state = 'failed'
        group by cause
        order by trials desc, cause
        """,
        new { sweep = sweep.Value }));

    /// <summary>Trials of all unfinished sweeps by state.</summary>
    public IReadOnlyList<(string State, long Trials)> OpenTrialCounts() => Read(c => c.Query<(string, long)>(
        $"select state, sum(trials) from ({CountsWhere(Unfinished)}) group by state").AsList());

    /// <summary>Seconds since the start of the attempt that has run for longest; 0 when none runs.</summary>
    public double OldestAttemptSeconds() => Read(c => c.QuerySingle<double>(
        $"""
        select coalesce(max((julianday('now') - julianday(attempt_started)) * 86400.0), 0.0)
        from trial
        where state = 'running' and sweep in (select id from sweep where {Unfinished})
        """));

    /// <summary>Every worker that this database has seen, by name.</summary>
    public IReadOnlyList<WorkerRow> Workers() => Read(c => Rows<WorkerRow>(c, "select * from workers order by worker"));

    /// <summary>What the trial reported within epochs, by step.</summary>
    public IReadOnlyList<StepRow> Steps(TrialId trial) => Read(c => Rows<StepRow>(
        c, "select step, attempt, metrics, time from steps where trial = @trial order by step", new { trial = trial.ToString() }));

    /// <summary>What attempts reported that no longer counts, by attempt and epoch.</summary>
    public IReadOnlyList<SupersededReportRow> SupersededReports(TrialId trial) => Read(c => Rows<SupersededReportRow>(
        c, "select attempt, epoch, metrics, time from superseded_reports where trial = @trial order by attempt, epoch",
        new { trial = trial.ToString() }));

    /// <summary>The checkpoints that a trial still needs, the oldest first.</summary>
    public IReadOnlyList<CheckpointRow> Checkpoints(TrialId trial) => Read(c => Rows<CheckpointRow>(
        c, "select * from checkpoints where trial = @trial order by epoch, batch", new { trial = trial.ToString() }));

    /// <summary>Checkpoint files of trials that nobody can go on with, the oldest first, at most 1,000. Those of failed trials are not among
    /// them: somebody may retry those.</summary>
    public IReadOnlyList<CheckpointRow> CheckpointsOfEndedTrials() => Read(c => Rows<CheckpointRow>(
        c,
        """
        select c.trial, c.epoch, c.batch, c.digest, c.bytes, c.attempt, max(c.time) as time
        from checkpoints c
        join trials t on t.trial = c.trial
        where t.state in ('completed', 'pruned', 'cancelled')
        group by c.sweep, c.number, c.digest -- one file
        order by time, c.sweep, c.number
        limit 1000
        """));

    /// <summary>In the order of creation, without looking at any trial.</summary>
    private static List<SweepId> Ids(SqliteConnection connection, string condition, object? parameters = null) =>
    [
        .. connection.Query<string>($"select id from sweep where {condition} and deleted is null order by key", parameters)
            .Select(SweepId.Parse),
    ];

    private SweepId? Newest(string condition, object parameters) =>
        Read(c => Ids(c, condition, parameters)) is [.., var newest] ? newest : null;

    private static List<T> Rows<T>(SqliteConnection connection, string sql, object? parameters = null) =>
        connection.Query<T>(sql, parameters).AsList();

    private T Read<T>(Func<SqliteConnection, T> read) => ReadConnection.Read(Path, read);
}
