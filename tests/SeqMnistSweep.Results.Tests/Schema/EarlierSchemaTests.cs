using System.Collections.Immutable;
using System.IO.Compression;
using Dapper;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Schema;

/// <summary>A database of schema 6, in which the causes of events stood in their texts alone.</summary>
public sealed class EarlierSchemaTests : IDisposable
{
    private static readonly SweepId Capped = SweepId.Parse("capped-sg5f");
    private static readonly SweepId Slow = SweepId.Parse("slow-3hxw");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-earlier-");
    private readonly string _path;

    public EarlierSchemaTests()
    {
        _path = Path.Combine(_folder.FullName, "sweeps.db");
        var packed = RepositoryFiles.PathOf("tests", "SeqMnistSweep.EndToEnd.Tests", "Databases", "schema-6.db.gz");
        using var stream = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        using var file = File.Create(_path);
        stream.CopyTo(file);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("queued", "leased", "granted to vm", "granted")]
    [InlineData("leased", "running", "attempt 1 started on cpu", "started")]
    [InlineData("running", "completed", "the last epoch is done", "finished")]
    [InlineData("running", "queued", "crashed: exit code 1; retry 1 of 2 in 1 s", "crashed")]
    [InlineData("running", "failed", "invalid: no such file: x", "invalid")]
    [InlineData("running", "failed", "3 attempts in a row took their worker down before an epoch was done", "poison")]
    [InlineData("running", "paused", "waits after epoch 2", "at_rung")]
    [InlineData("running", "paused", "preempted by urgent-0001", "preempted")]
    [InlineData("running", "paused", "the worker is draining", "released")]
    [InlineData("paused", "queued", "ready to go on from its last checkpoint", "released")]
    [InlineData("paused", "queued", "number 1 of 4 after epoch 2", "promoted")]
    [InlineData("paused", "pruned", "others went on from epoch 2, and nothing can change that", "outranked")]
    [InlineData("paused", "pruned", "number 4 of 4 after epoch 1: a copy of trial 1 takes its place", "replaced")]
    [InlineData("running", "pruned", "median stopped it after epoch 3", "pruned")]
    [InlineData("running", "pruned", "value was NaN after epoch 3", "not_finite")]
    [InlineData("running", "pruned", "the sweep was stopping when it had to wait after epoch 3", "sweep_ended")]
    [InlineData("running", "queued", "lost with vm", "worker_lost")]
    [InlineData("running", "queued", "vm went down together with the head", "head_restarted")]
    [InlineData("leased", "queued", "the checkpoint of epoch 2 is lost", "checkpoint_lost")]
    [InlineData("running", "queued", "the runner was killed by SIGSYS", "killed")]
    [InlineData("running", "cancelled", "too slow", "cancelled")]
    public void The_texts_of_its_events_become_causes(string from, string to, string reason, string cause)
    {
        Execute(
            "insert into event (sweep, trial, kind, from_state, to_state, reason, actor, time) values (@sweep, 1, 'state', @from, @to, @reason, 'x', 't')",
            new { sweep = Slow.Value, from, to, reason });
        Migrate();
        var last = new ResultReader(_path).Events(new TrialId(Slow, 1))[^1];
        Assert.Equal((cause, reason), (last.Cause, last.Reason));
    }

    [Fact]
    public void Its_trials_have_run_for_as_long_as_they_ran()
    {
        Migrate();
        var trials = new ResultReader(_path).LoadSweep(Slow)!.Trials;
        Assert.Equal((12.341, "2026-11-29T00:16:29.161Z"), (trials[0].RunSeconds, Timestamp.Format(trials[0].Started!.Value)));
        Assert.Equal("2026-11-29T00:16:43.593Z", Timestamp.Format(trials[0].AttemptStarted!.Value));
        Assert.Equal((2.016, TransitionCause.Finished), (trials[2].RunSeconds, trials[2].StateCause));
    }

    [Fact]
    public void Its_attempts_come_out_of_its_log()
    {
        Migrate();
        var attempts = new ResultReader(_path).Attempts(new TrialId(Slow, 1));
        Assert.Equal([(1L, "queued", "head_restarted"), (2L, null, null)], attempts.Select(row => (row.Attempt, row.Outcome, row.Cause)));
        Assert.Equal(
            ("vm", "cpu", "2026-11-29T00:16:28.987Z", "2026-11-29T00:16:29.161Z", "2026-11-29T00:16:41.502Z"),
            (attempts[0].Worker, attempts[0].Device, attempts[0].Granted, attempts[0].Started, attempts[0].Ended));
    }

    [Fact]
    public void A_lease_that_was_given_back_before_anything_ran_is_no_attempt()
    {
        Execute(
            """
            insert into event (sweep, trial, kind, from_state, to_state, reason, actor, attempt, time) values
              (@sweep, 3, 'state', 'queued', 'leased', 'granted to b', 'b', 2, '2026-11-29T00:20:00.000Z'),
              (@sweep, 3, 'state', 'leased', 'queued', 'ready to go on from its last checkpoint', 'schedule', 2, '2026-11-29T00:21:00.000Z'),
              (@sweep, 3, 'state', 'queued', 'leased', 'granted to c', 'c', 3, '2026-11-29T00:22:00.000Z'),
              (@sweep, 3, 'state', 'leased', 'failed', 'invalid: no such file: x', 'c', 3, '2026-11-29T00:23:00.000Z');
            """,
            new { sweep = Slow.Value });
        Migrate();
        var attempts = new ResultReader(_path).Attempts(new TrialId(Slow, 3));
        Assert.Equal([(1L, "vm", "finished"), (3L, "c", "invalid")], attempts.Select(row => (row.Attempt, row.Worker, row.Cause)));
        Assert.Equal(("2026-11-29T00:22:00.000Z", null), (attempts[1].Granted, attempts[1].Started));
    }

    [Fact]
    public void Every_trial_that_has_ended_has_run_as_long_as_its_attempts()
    {
        Migrate();
        var reader = new ResultReader(_path);
        var ended = reader.Sweeps().SelectMany(sweep => reader.Trials(SweepId.Parse(sweep.Sweep))).Where(trial => trial.Finished is not null).ToList();
        Assert.NotEmpty(ended);
        Assert.All(ended, trial => Assert.Equal(
            trial.RunSeconds,
            reader.Attempts(TrialId.Parse(trial.Trial)).Sum(row => (Timestamp.Parse(row.Ended!) - Timestamp.Parse(row.Started!)).TotalSeconds),
            0.002));
    }

    [Fact]
    public void The_description_and_the_tags_come_out_of_its_files()
    {
        Execute("update sweep set source = source || @labels where id = @sweep", new { labels = "\ndescription: 'to see'\ntags: [demo, x]\n", sweep = Slow.Value });
        Migrate();
        var row = new ResultReader(_path).Sweep(Slow)!;
        Assert.Equal(("to see", """["demo","x"]"""), (row.Description, row.Tags));
        Assert.Equal("[]", new ResultReader(_path).Sweep(Capped)!.Tags);
    }

    [Fact]
    public void What_a_sampler_knew_becomes_fields()
    {
        Execute(
            "insert into event (sweep, trial, kind, reason, actor, time) values (@sweep, 1, 'proposed', '40 configurations, open 38@2p 40', 'schedule', 't')",
            new { sweep = Slow.Value });
        Migrate();
        using var connection = Connect();
        Assert.Equal(
            """{"configurations":40,"open":[{"configuration":38,"epochs":2,"is_paused":true},{"configuration":40,"epochs":0,"is_paused":false}]}""",
            connection.QuerySingle<string>("select known from events where kind = 'proposed'"));
    }

    [Fact]
    public void The_lease_of_an_external_client_keeps_its_life()
    {
        Execute("update trial set worker = 'ask:ada@lab', incarnation = 'ask:60000:key:1' where sweep = @sweep and number = 1", new { sweep = Slow.Value });
        Migrate();
        var trial = new ResultReader(_path).LoadSweep(Slow)!.Trials[0];
        // Nobody can tell of it any more, since its lease has no proof; it ends with its life.
        Assert.Equal(new LeaseHolder("ask:ada@lab", "ask:key:1", trial.Device!) { LeaseLife = TimeSpan.FromMinutes(1) }, trial.Holder);
    }

    [Fact]
    public void Its_sweeps_keep_the_defaults_that_they_were_submitted_under()
    {
        Migrate();
        var loaded = new ResultReader(_path).LoadSweep(Slow)!;
        Assert.True(loaded.Sweep.Defaults < SweepDefinition.PromotionByDefault);
    }

    [Fact]
    public void Its_stopped_sweep_is_extended_and_what_ended_with_it_is_made_again()
    {
        Execute(
            """
            insert into trial (sweep, number, configuration, params, seed, state, message, lease, attempts, failures, losses_in_a_row, epoch, created, finished)
            select sweep, 5, 5, replace(params, '"x":4', '"x":5'), seed, 'cancelled', 'ended with the sweep: sweep_time (2 s) reached', 0, 0, 0, 0, 0, created, created
            from trial where sweep = @sweep and number = 4;
            update sweep set cursor = 5 where id = @sweep;
            """,
            new { sweep = Capped.Value });
        Migrate();
        var loaded = new ResultReader(_path).LoadSweep(Capped)!;
        var definition = SweepFile.Parse(loaded.Sweep.Source, "capped.yaml").Definition!;
        var now = loaded.Sweep.Finished!.Value;
        var schedule = new SweepSchedule(
            definition, SamplerCatalog.Create(definition), PrunerCatalog.Create(definition), loaded.Sweep, loaded.Trials, []);

        schedule.Extend(
            null, new SweepEdits { SweepTime = TimeSpan.FromHours(1) }, ImmutableSortedDictionary<string, string>.Empty, "ada@lab", "more time", now);

        Assert.Equal("trial 5 anew, which ended with the sweep", schedule.Trials[6].Origin);
        Assert.Equal((SweepState.Running, schedule.Trials[5].Parameters), (schedule.Sweep.State, schedule.Trials[6].Parameters));
    }

    private void Migrate() => ResultDatabase.Open(_path, TimeProvider.System).Dispose();

    private void Execute(string sql, object parameters)
    {
        using var connection = Connect();
        connection.Execute(sql, parameters);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_path};Pooling=false");
        connection.Open();
        return connection;
    }
}
