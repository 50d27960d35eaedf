using System.Collections.Immutable;
using Dapper;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Writing;

public sealed class ResultWriterTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Everything_of_a_sweep_comes_back_as_it_was_written()
    {
        var sweep = Some.Sweep() with { Priority = 3, Finished = Some.Time.AddHours(1), Reason = "all trials are done", State = SweepState.Completed };
        var trial = Some.Completed(1, 0.98) with
        {
            Cause = FailureCause.OutOfMemory,
            Message = "it's \"quoted\"; drop table trial",
            Failures = 1,
            LossesInARow = 2,
            TestLoss = 0.1,
            Checkpoint = Some.Checkpoint(5),
            Worker = "box",
            Incarnation = "S127.0.0.1:11111:1",
            Device = "cpu",
            Facts = """{"parameters":96040}""",
            NotBefore = Some.Time.AddSeconds(7),
            Started = Some.Time.AddMilliseconds(1),
        };
        var report = new EpochReport(1, ImmutableSortedDictionary<string, double>.Empty.Add("train_loss", double.NaN).Add("val_loss", double.PositiveInfinity).Add("mine", 3));
        _database.Write(
            Some.Id, Some.Adding(sweep), Some.Adding(trial), Some.Adding(Some.Trial(2)), Some.Reporting(1, 1, report),
            new SweepChange.CheckpointAdded(1, 1, 1, Some.Checkpoint(5), Some.Time));

        var loaded = _database.Reader.LoadSweep(Some.Id)!;

        Assert.Equal(sweep with { DatasetDigests = loaded.Sweep.DatasetDigests, Metrics = loaded.Sweep.Metrics }, loaded.Sweep);
        Assert.Equal([.. sweep.Metrics], loaded.Sweep.Metrics.ToArray());
        Assert.Equal(sweep.DatasetDigests, loaded.Sweep.DatasetDigests);
        Assert.Equal([trial, Some.Trial(2)], loaded.Trials);
        var stored = Assert.Single(loaded.Reports);
        Assert.True(report.SaysTheSameAs(stored.Report));
        Assert.Equal((1, 1, Some.Time), (stored.Trial, stored.Attempt, stored.Time));
        Assert.Equal(new(1, 1, Some.Checkpoint(5), Some.Time), Assert.Single(loaded.Checkpoints));
        Assert.Equal(96040, _database.Reader.Trial(new TrialId(Some.Id, 1))!.Parameters);
        Assert.Null(_database.Reader.LoadSweep(SweepId.Parse("other-0000")));
    }

    [Fact]
    public void A_sweep_keeps_what_its_search_began_with_whatever_is_changed_later()
    {
        var prior = new SearchPrior(
            [new PriorSource("tcn-0001", 2, 3), new PriorSource("trials.csv", 4, 0, IsFile: true)],
            [new RankedPoint(ParameterSet.FromJson("""{"levels":8,"lr":0.002}"""), 0), new RankedPoint(ParameterSet.FromJson("""{"levels":7,"optimizer":"SGD"}"""), 1.0 / 3)]);
        _database.Write(Some.Id, Some.Adding(Some.Sweep() with { Prior = prior }));
        _database.Write(Some.Id, new SweepChange.SweepUpdated(Some.Sweep() with { Cursor = 9 }));

        var loaded = _database.Reader.LoadSweep(Some.Id)!.Sweep.Prior;

        Assert.Equal(prior.Sources.AsEnumerable(), loaded.Sources);
        Assert.Equal(prior.Points.AsEnumerable(), loaded.Points);
        Assert.Equal("""[{"sweep":"tcn-0001","points":2,"outside":3},{"file":"trials.csv","points":4,"outside":0}]""", _database.Reader.Sweep(Some.Id)!.Prior);
        Assert.Equal("tcn-0001 (2 configurations, 3 more outside of this space), trials.csv (4 configurations)", loaded.ToString());
    }

    [Fact]
    public void A_sweep_without_a_prior_has_none()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()));
        Assert.Same(SearchPrior.None, _database.Reader.LoadSweep(Some.Id)!.Sweep.Prior);
    }

    [Fact]
    public void Completed_and_pruned_trials_with_a_value_are_what_a_prior_is_made_of()
    {
        _database.Write(
            Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Completed(1, 0.98)), Some.Adding(Some.Completed(2, 0.9) with { State = TrialState.Pruned, Epoch = 2 }),
            Some.Adding(Some.Trial(3)), Some.Adding(Some.Completed(4, 0.5) with { State = TrialState.Failed }), Some.Adding(Some.Completed(5, 0.5) with { Value = null }));
        var ended = _database.Reader.EndedTrials(Some.Id);
        Assert.Equal([(1, TrialState.Completed, 0.98), (2, TrialState.Pruned, 0.9)], ended.Select(trial => (trial.Configuration, trial.State, trial.Value)));
        Assert.Equal(Some.Trial(2).Parameters, ended[1].Parameters);
        Assert.Equal(2, ended[1].Epochs);
    }

    [Fact]
    public void An_update_replaces_what_can_change()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1)));
        var sweep = Some.Sweep() with { State = SweepState.Paused, Cursor = 99, Reason = "asked" };
        var trial = Some.Trial(1) with { State = TrialState.Running, Lease = 1, Attempts = 1, Worker = "box" };

        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, new SweepChange.SweepUpdated(sweep), new SweepChange.TrialUpdated(trial, 0)));

        var loaded = _database.Reader.LoadSweep(Some.Id)!;
        Assert.Equal((SweepState.Paused, 99, "asked"), (loaded.Sweep.State, loaded.Sweep.Cursor, loaded.Sweep.Reason));
        Assert.Equal(trial, loaded.Trials[0]);
    }

    [Fact]
    public async Task Many_callers_at_once_lose_nothing_and_keep_their_order()
    {
        const int writers = 16;
        const int each = 100;
        _database.Write(Some.Id, [Some.Adding(Some.Sweep()), .. Enumerable.Range(1, writers).Select(n => Some.Adding(Some.Trial(n) with { Lease = 1 }))]);

        await Task.WhenAll(Enumerable.Range(1, writers).Select(trial => Task.Run(async () =>
        {
            var pending = Enumerable.Range(1, each).Select(epoch => _database.Writer.WriteAsync(Some.Id,
            [
                Some.Reporting(trial, 1, Some.Report(epoch)),
                new SweepChange.EventAdded(new SweepEvent(new Occurrence.ReportMismatch(trial, 1), $"{epoch}", "test", Some.Time)),
            ])).ToList();
            Assert.All(await Task.WhenAll(pending), outcome => Assert.Equal(WriteOutcome.Applied, outcome));
        })));

        for (var trial = 1; trial <= writers; trial++)
        {
            var id = new TrialId(Some.Id, trial);
            Assert.Equal(Enumerable.Range(1, each), _database.Reader.Reports(id).Select(r => (int)r.Epoch));
            Assert.Equal(Enumerable.Range(1, each).Select(e => $"{e}"), _database.Reader.Events(id).Select(e => e.Reason));
        }
    }

    [Fact]
    public void A_reader_sees_whole_batches_only()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1) with { Lease = 1 }), Some.Adding(Some.Trial(2) with { Lease = 1 }));
        var writing = Task.Run(() =>
        {
            for (var epoch = 1; epoch <= 200; epoch++)
            {
                _database.Write(Some.Id, Some.Reporting(1, 1, Some.Report(epoch)), Some.Reporting(2, 1, Some.Report(epoch)));
            }
        });

        while (!writing.IsCompleted)
        {
            var reports = _database.Reader.LoadSweep(Some.Id)!.Reports;
            Assert.Equal(reports.Count(r => r.Trial == 1), reports.Count(r => r.Trial == 2));
        }

        Assert.True(writing.ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default).Soon());
        Assert.Equal(400, _database.Reader.LoadSweep(Some.Id)!.Reports.Count);
    }

    [Fact]
    public void A_broken_rule_fails_its_own_batch_only()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()));

        var twice = _database.Writer.WriteAsync(Some.Id, [Some.Adding(Some.Trial(1)), Some.Adding(Some.Trial(1))]);
        var fine = _database.Writer.WriteAsync(Some.Id, [Some.Adding(Some.Trial(2))]);

        Assert.Contains("UNIQUE", Assert.Throws<DatabaseException>(() => twice.Soon()).Message, StringComparison.Ordinal);
        Assert.Equal(WriteOutcome.Applied, fine.Soon());
        Assert.Equal([2L], _database.Reader.Trials(Some.Id).Select(t => t.Number));
    }

    [Fact]
    public void A_full_disk_fails_the_waiting_writes_and_the_writer_goes_on()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()));
        _database.Writer.EnqueueAsync(1, s => (s.Scalar("pragma max_page_count = 1"), true)).Soon();

        var error = Assert.Throws<DatabaseException>(() => _database.Write(
            Some.Id, [.. Enumerable.Range(1, 2000).Select(n => Some.Adding(Some.Trial(n)))]));

        Assert.Contains("no space", error.Message, StringComparison.Ordinal);
        Assert.Empty(_database.Reader.Trials(Some.Id));
        _database.Writer.EnqueueAsync(1, s => (s.Scalar("pragma max_page_count = 1000000"), true)).Soon();
        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, Some.Adding(Some.Trial(1))));
    }

    [Fact]
    public void A_foreign_writer_in_the_way_is_named_and_later_writes_go_through()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()));
        using (var foreign = _database.Foreign())
        {
            foreign.Execute("begin immediate");
            var error = Assert.Throws<DatabaseException>(() => _database.Write(Some.Id, Some.Adding(Some.Trial(1))));
            Assert.Contains("locked by another program", error.Message, StringComparison.Ordinal);
            foreign.Execute("rollback");
        }

        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, Some.Adding(Some.Trial(1))));
    }

    [Fact]
    public void Disposing_writes_what_waits_and_refuses_what_comes_later()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()));
        var waiting = Enumerable.Range(1, 500).Select(n => _database.Writer.WriteAsync(Some.Id, [Some.Adding(Some.Trial(n))])).ToList();

        _database.Writer.Dispose();

        Assert.All(waiting, write => Assert.Equal(WriteOutcome.Applied, write.Soon()));
        Assert.Throws<ObjectDisposedException>(() => _database.Write(Some.Id, Some.Adding(Some.Trial(501))));
        Assert.Equal(500, _database.Reader.Trials(Some.Id).Count);
    }

    [Fact]
    public void Each_start_of_a_head_has_the_next_epoch()
    {
        Assert.Equal(1, _database.Writer.NextHeadEpochAsync("0.1.0").Soon());
        _database.Restart();
        Assert.Equal(2, _database.Writer.NextHeadEpochAsync("0.1.0").Soon());
    }

    [Fact]
    public async Task A_worker_has_one_row_whose_start_is_that_of_its_incarnation()
    {
        await _database.Writer.WriteAsync(new WorkerSeen("box", "a", "cpu", 2, "ready", Some.Time));
        await _database.Writer.WriteAsync(new WorkerSeen("box", "a", "cpu", 2, "draining", Some.Time.AddSeconds(5)));
        var same = Assert.Single(_database.Reader.Workers());
        await _database.Writer.WriteAsync(new WorkerSeen("box", "b", "cpu", 4, "ready", Some.Time.AddSeconds(9)));
        var next = Assert.Single(_database.Reader.Workers());

        Assert.Equal(("draining", "2026-11-23T10:00:00.000Z", "2026-11-23T10:00:05.000Z"), (same.State, same.Started, same.Seen));
        Assert.Equal(("b", 4L, "2026-11-23T10:00:09.000Z"), (next.Incarnation, next.Slots, next.Started));
    }

    [Fact]
    public async Task Checkpoints_with_the_same_bytes_have_a_row_each_until_their_file_has_to_make_room()
    {
        var id = new TrialId(Some.Id, 1);
        var same = new[] { 1, 2, 3 }.Select(epoch => Some.Checkpoint(1) with { Epoch = epoch }).ToList();
        _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1) with { Lease = 1, Checkpoint = same[2] }));
        _database.Write(Some.Id, [.. same.Select(file => new SweepChange.CheckpointAdded(1, 1, 1, file, Some.Time)), new SweepChange.CheckpointDropped(1, same[0])]);
        Assert.Equal([2L, 3L], _database.Reader.Checkpoints(id).Select(checkpoint => checkpoint.Epoch));

        _database.Write(Some.Id, new SweepChange.TrialUpdated(Some.Completed(1, 0.5) with { Checkpoint = same[2] }, 1));
        Assert.Single(_database.Reader.CheckpointsOfEndedTrials());
        Assert.True(await _database.Writer.DropCheckpointAsync(id, same[0].Digest, "room", Some.Time));
        Assert.False(await _database.Writer.DropCheckpointAsync(id, same[0].Digest, "room", Some.Time));
        Assert.Empty(_database.Reader.Checkpoints(id));
        Assert.Single(_database.Reader.Events(Some.Id));
    }

    [Fact]
    public void A_dropped_checkpoint_is_no_longer_referenced_unless_the_trial_resumes_from_it()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1) with { Lease = 1, Checkpoint = Some.Checkpoint(2) }));
        _database.Write(
            Some.Id,
            new SweepChange.CheckpointAdded(1, 1, 1, Some.Checkpoint(1), Some.Time),
            new SweepChange.CheckpointAdded(1, 1, 1, Some.Checkpoint(2), Some.Time),
            new SweepChange.CheckpointDropped(1, Some.Checkpoint(1)));

        Assert.Equal([Some.Checkpoint(2).Digest], _database.Reader.Checkpoints(new TrialId(Some.Id, 1)).Select(checkpoint => checkpoint.Digest));
    }
}
