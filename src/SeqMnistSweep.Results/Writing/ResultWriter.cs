using System.Threading.Channels;

namespace SeqMnistSweep.Results.Writing;

/// <summary>The one writer of a database. Callers queue their changes and wait; a thread takes all that waits, writes it in one transaction
/// and answers after the commit is on the disk. So the cost of a durable commit is shared by everybody who came in the meantime. Writes are
/// applied in the order of the calls. Safe for use by many threads.</summary>
public sealed class ResultWriter : IDisposable
{
    private const int MaxWaiting = 4096;
    private const int MaxChangesPerCommit = 4096;

    private readonly Channel<PendingWrite> _queue = Channel.CreateBounded<PendingWrite>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Statements _statements;
    private readonly GroupCommit _commit;
    private readonly FilesInPlace _files;
    private readonly Thread _thread;
    private volatile Exception? _trouble;

    /// <exception cref="DatabaseException">The database cannot be opened.</exception>
    public ResultWriter(ResultDatabase database)
    {
        _files = new FilesInPlace(database.RealPath);
        _connection = database.Connect();
        _files.Watch();
        _statements = new Statements(_connection);
        _commit = new GroupCommit(_connection, _statements, database.Path, _files);
        _thread = new Thread(WriteUntilClosed) { Name = "result writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why nothing reaches the disk at the moment: no space, a lock held by another program; null when the last transaction
    /// did.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>Hears of every batch of changes once it is on the disk, on the writer's thread: it must be quick and never throw.</summary>
    public Action<SweepId, IReadOnlyList<SweepChange>>? Committed { get; set; }

    /// <summary>Hears how many batches each transaction took in, under the same conditions.</summary>
    public Action<int>? Batched { get; set; }

    /// <summary>Applies all of <paramref name="changes"/>, in their order, or none.</summary>
    /// <returns>Completes once the outcome is durable.</returns>
    /// <exception cref="DatabaseException">The changes could not be written (no space, a locked or damaged file, a broken rule of the
    /// schema); none was.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed before the call.</exception>
    public Task<WriteOutcome> WriteAsync(SweepId sweep, IReadOnlyList<SweepChange> changes) =>
        EnqueueAsync(PendingOf(sweep, changes, () => Committed?.Invoke(sweep, changes)));

    /// <summary>Notes that a worker showed itself, with what it said of itself and what was asked of it.</summary>
    public Task WriteAsync(WorkerSeen worker) => EnqueueAsync(1, statements =>
    {
        WorkerWriter.Put(statements, worker);
        return (true, Keep: true);
    });

    /// <summary>Forgets a checkpoint of a trial that has ended for good, as a resume point too and with all others of the same bytes, and
    /// says so in an event.</summary>
    /// <returns>False when the trial may still need it, or has none such; nothing is changed then.</returns>
    public Task<bool> DropCheckpointAsync(TrialId trial, string digest, string reason, DateTimeOffset now) => EnqueueAsync(1, statements =>
    {
        var ended = statements.Execute(
            """
            update trial
            set checkpoint_epoch = iif(checkpoint_digest = @digest, null, checkpoint_epoch),
              checkpoint_batch = iif(checkpoint_digest = @digest, null, checkpoint_batch),
              checkpoint_bytes = iif(checkpoint_digest = @digest, null, checkpoint_bytes),
              checkpoint_digest = nullif(checkpoint_digest, @digest)
            where sweep = @sweep and number = @number and state in ('completed', 'pruned', 'cancelled')
            """,
            ("digest", digest), ("sweep", trial.Sweep.Value), ("number", trial.Number));
        if (ended == 0 || !ReportWriter.DropFile(statements, trial, digest)) return (false, Keep: false);

        EventWriter.Add(statements, trial.Sweep, new SweepEvent(new Occurrence.CheckpointDropped(trial.Number), reason, "head", now));
        return (true, Keep: true);
    });

    /// <summary>Counts the starts of a head on this database, from 1: the number that tells workers that the head is another one.</summary>
    /// <param name="program">Version of the program that starts.</param>
    public Task<long> NextHeadEpochAsync(string program) => EnqueueAsync(1, statements =>
    {
        statements.Execute(
            "insert into meta (key, value) values ('program', @program) on conflict (key) do update set value = excluded.value",
            ("program", program));
        var epoch = statements.Scalar(
            """
            insert into meta (key, value) values ('head_epoch', '1')
            on conflict (key) do update set value = cast(value + 1 as text)
            returning value
            """);
        return (long.Parse((string)epoch!, CultureInfo.InvariantCulture), Keep: true);
    });

    /// <summary>Writes what waits, then closes. Later calls are refused.</summary>
    public void Dispose()
    {
        if (_queue.Writer.TryComplete())
        {
            _thread.Join();
            var moved = _files.MovedFrom();
            _statements.Dispose();
            _connection.Dispose();
            if (moved is var (path, now))
            {
                FilesInPlace.BringLog(path, now);
            }
        }
    }

    /// <summary>Anything, in the order and the transaction of the other writes.</summary>
    /// <param name="committed">Told the result when it is on the disk, before anybody who waits.</param>
    internal Task<T> EnqueueAsync<T>(int size, Func<Statements, (T Result, bool Keep)> apply, Action<T>? committed = null) =>
        EnqueueAsync(new PendingWrite<T>(size, apply, committed));

    /// <summary>All of the changes or none, as a write that waits for its transaction.</summary>
    /// <param name="applied">Called when they are on the disk.</param>
    internal static PendingWrite<WriteOutcome> PendingOf(SweepId sweep, IReadOnlyList<SweepChange> changes, Action applied) => new(
        Math.Max(changes.Count, 1),
        statements =>
        {
            foreach (var change in changes)
            {
                if (!Apply(statements, sweep, change)) return (WriteOutcome.Fenced, Keep: false);
            }

            return (WriteOutcome.Applied, Keep: true);
        },
        outcome =>
        {
            if (outcome == WriteOutcome.Applied)
            {
                applied();
            }
        });

    private Task<T> EnqueueAsync<T>(PendingWrite<T> write) => _queue.Writer.TryWrite(write) ? write.Done : WaitAndEnqueueAsync(write);

    private async Task<T> WaitAndEnqueueAsync<T>(PendingWrite<T> write)
    {
        try
        {
            await _queue.Writer.WriteAsync(write).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(ResultWriter));
        }

        return await write.Done.ConfigureAwait(false);
    }

    private void WriteUntilClosed()
    {
        var group = new List<PendingWrite>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            for (var changes = 0; changes < MaxChangesPerCommit && _queue.Reader.TryRead(out var write); changes += write.Size)
            {
                group.Add(write);
            }

            _trouble = _commit.Run(group);
            Batched?.Invoke(group.Count);
        }
    }

    private static bool Apply(Statements statements, SweepId sweep, SweepChange change)
    {
        switch (change)
        {
            case SweepChange.SweepAdded added: SweepWriter.Add(statements, added.Sweep); return true;
            case SweepChange.SweepUpdated updated: SweepWriter.Update(statements, updated.Sweep); return true;
            case SweepChange.TrialAdded added: TrialWriter.Add(statements, sweep, added.Trial); return true;
            case SweepChange.TrialUpdated updated: return TrialWriter.Update(statements, sweep, updated.Trial, updated.HeldLease);
            case SweepChange.ReportAdded added: return ReportWriter.Add(statements, sweep, added);
            case SweepChange.StepAdded added: return ReportWriter.AddStep(statements, sweep, added);
            case SweepChange.ReportsSuperseded superseded: return ReportWriter.Supersede(statements, sweep, superseded);
            case SweepChange.CheckpointAdded added: return ReportWriter.AddCheckpoint(statements, sweep, added);
            case SweepChange.CheckpointDropped dropped: ReportWriter.DropCheckpoint(statements, sweep, dropped); return true;
            case SweepChange.CheckpointFileLost(var trial, var digest):
                ReportWriter.DropFile(statements, new TrialId(sweep, trial), digest);
                return true;
            case SweepChange.EventAdded added: EventWriter.Add(statements, sweep, added.Event); return true;
            case SweepChange.AttemptEnded ended: return AttemptWriter.Add(statements, sweep, ended);
            default: throw new ArgumentOutOfRangeException(nameof(change), change, "no such change is known");
        }
    }
}

/// <summary>What became of one batch of changes.</summary>
public enum WriteOutcome
{
    /// <summary>All of it is on the disk.</summary>
    Applied,

    /// <summary>None of it was applied: a change named a lease that is no longer the trial's, or would have changed a trial in a final
    /// state.</summary>
    Fenced,
}
