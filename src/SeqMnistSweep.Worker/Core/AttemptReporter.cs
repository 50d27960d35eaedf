namespace SeqMnistSweep.Worker.Core;

/// <summary>An attempt's way into the outbox, in order. An event that names a checkpoint waits until the head has the file, one from which
/// the trial may go on elsewhere until the head has the trial's own files too, the last one until it has the log; everything after it waits
/// behind, other attempts do not. So the database never names a file that is not there, and whoever goes on with the trial finds its
/// files.</summary>
/// <param name="gate">The core's lock, which guards the outbox too.</param>
/// <param name="send">Puts an event into the outbox; called under the lock.</param>
/// <param name="upload">Brings a checkpoint to the head and says whether the head has it; null when head and worker share the
/// folder.</param>
/// <param name="files">The same for the trial's own files.</param>
/// <param name="isOver">Called under the lock, when the last event is in the outbox or discarded.</param>
internal sealed class AttemptReporter(
    TrialGrant grant, object gate, Action<AttemptEvent> send, UploadCheckpoint? upload, ITrialFiles? files, TimeProvider time,
    Action isOver)
{
    /// <summary>How long files may still be on their way when the head no longer wants to hear of the attempt: a trial that a pruner has
    /// ended has its files all the same.</summary>
    private static readonly TimeSpan FilesTake = TimeSpan.FromMinutes(5);

    /// <summary>How long a report waits for files that the program may be writing all the time: the end brings them again.</summary>
    private static readonly TimeSpan ReportWaits = TimeSpan.FromMinutes(1);

    private readonly Queue<Behind> _behind = [];
    private readonly (CancellationToken Token, Action Cancel) _checkpoints = Cancellable();
    private (CancellationToken Token, Action<TimeSpan> CancelAfter)? _files;
    private bool _sends;
    private Action? _discarded;
    private long? _began;

    public void Report(AttemptEvent happened)
    {
        if (happened is AttemptEvent.Started)
        {
            _began = time.GetTimestamp();
        }
        else if (happened is AttemptEvent.Reported reported && _began is { } began)
        {
            happened = reported with { Seconds = time.GetElapsedTime(began).TotalSeconds };
        }

        // Looked at before the lock is taken: it asks the disk.
        var next = new Behind(happened, upload is null ? null : CheckpointOf(happened), BringsFiles(happened));
        lock (gate)
        {
            if (_discarded is not null) return;

            if (!_sends && next is { Checkpoint: null, BringsFiles: false })
            {
                Send(happened);
                return;
            }

            _behind.Enqueue(next);
            if (_sends) return;

            _sends = true;
        }

        _ = SendBehindAsync();
    }

    /// <summary>Forgets what still waits: the head no longer wants to hear of this attempt. Its files may still be on their way.</summary>
    /// <param name="over">Called when nothing is on its way any more.</param>
    public void Discard(Action over)
    {
        lock (gate)
        {
            if (_discarded is not null) return;

            _discarded = over;
            var last = _behind.LastOrDefault();
            _behind.Clear();
            if (last is { BringsFiles: true, Event.EndsAttempt: true })
            {
                _behind.Enqueue(last);
                (_files ??= CancellableLater()).CancelAfter(FilesTake);
            }
            else
            {
                isOver();
            }
        }

        _checkpoints.Cancel();
        OverIfNothingWaits();
    }

    private async Task SendBehindAsync()
    {
        while (true)
        {
            Behind? next;
            lock (gate)
            {
                if (!_behind.TryPeek(out next))
                {
                    _sends = false;
                    return;
                }

                _files ??= next.BringsFiles ? CancellableLater() : null;
            }

            if (next.BringsFiles)
            {
                await TriedAsync(async () =>
                {
                    var isLast = next.Event.EndsAttempt;
                    using var end = new CancellationTokenSource(isLast ? Timeout.InfiniteTimeSpan : ReportWaits, time);
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(_files!.Value.Token, end.Token);
                    await files!.SendAsync(grant, isLast, either.Token);
                    return true;
                });
            }

            var happened = next.Checkpoint is not { } checkpoint
                || await TriedAsync(() => upload!(grant.Trial, checkpoint, _checkpoints.Token))
                ? next.Event
                : next.Event is AttemptEvent.Reported reported ? reported with { Checkpoint = null } : null;
            Pass(next, happened);
        }
    }

    private void Pass(Behind done, AttemptEvent? happened)
    {
        lock (gate)
        {
            // What was discarded meanwhile is no longer the first.
            if (_behind.TryPeek(out var first) && ReferenceEquals(first, done))
            {
                _behind.Dequeue();
                if (_discarded is not null)
                {
                    isOver();
                }
                else if (happened is not null)
                {
                    Send(happened);
                }
            }
        }

        OverIfNothingWaits();
    }

    private void OverIfNothingWaits()
    {
        Action? over;
        lock (gate)
        {
            over = _behind.Count == 0 ? _discarded : null;
            if (over is not null)
            {
                _discarded = static () => { };
            }
        }

        over?.Invoke();
    }

    private void Send(AttemptEvent happened)
    {
        send(happened);
        if (happened.EndsAttempt)
        {
            isOver();
        }
    }

    /// <summary>With a checkpoint, from which the trial goes on when this worker is lost; and at a rung, where it may go on elsewhere at
    /// once.</summary>
    private bool BringsFiles(AttemptEvent happened) => files is not null
        && (happened.EndsAttempt || CheckpointOf(happened) is not null
            || (happened is AttemptEvent.Reported reported && grant.Rungs.Contains(reported.Epoch)))
        && files.Has(grant.Trial);

    private static async Task<bool> TriedAsync(Func<Task<bool>> bring)
    {
        try
        {
            return await bring();
        }
        // Discarded, or an error that nobody foresaw: without its files the event still counts.
        catch (Exception)
        {
            return false;
        }
    }

    private static (CancellationToken, Action) Cancellable()
    {
        var source = new CancellationTokenSource();
        return (source.Token, source.Cancel);
    }

    private (CancellationToken, Action<TimeSpan>) CancellableLater()
    {
        var source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        return (source.Token, source.CancelAfter);
    }

    private static CheckpointFile? CheckpointOf(AttemptEvent happened) => happened switch
    {
        AttemptEvent.Reported(_, var checkpoint) => checkpoint,
        AttemptEvent.Checkpointed(var checkpoint) => checkpoint,
        _ => null,
    };

    private sealed record Behind(AttemptEvent Event, CheckpointFile? Checkpoint, bool BringsFiles);
}

/// <summary>Brings a checkpoint to the head, waiting for the head as long as it is away.</summary>
/// <returns>Whether the head has the file now.</returns>
internal delegate Task<bool> UploadCheckpoint(TrialId trial, CheckpointFile checkpoint, CancellationToken cancellation);

/// <summary>The files that the trials of this worker wrote for somebody to look at, and their logs, on their way to the head.</summary>
internal interface ITrialFiles
{
    /// <summary>Whether the trial has any.</summary>
    bool Has(TrialId trial);

    /// <summary>Brings what has changed to the head, waiting for the head as long as it is away.</summary>
    /// <param name="isLast">The attempt has ended: its log goes too.</param>
    Task SendAsync(TrialGrant grant, bool isLast, CancellationToken cancellation);
}
