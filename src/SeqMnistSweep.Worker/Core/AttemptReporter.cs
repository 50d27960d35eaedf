namespace SeqMnistSweep.Worker.Core;

/// <summary>An attempt's way into the outbox, in order. An event that names a checkpoint waits until the head has the file, and everything
/// after it waits behind; other attempts do not. So the database never names a file that is not there.</summary>
/// <param name="gate">The core's lock, which guards the outbox too.</param>
/// <param name="send">Puts an event into the outbox; called under the lock.</param>
/// <param name="upload">Brings a checkpoint to the head and says whether the head has it; null when head and worker share the
/// folder.</param>
/// <param name="isOver">Called under the lock, when the last event is in the outbox or discarded.</param>
internal sealed class AttemptReporter(TrialId trial, object gate, Action<AttemptEvent> send, UploadCheckpoint? upload, Action isOver)
{
    private readonly Queue<AttemptEvent> _behind = [];
    private Action? _cancelUpload;
    private bool _discarded;

    public void Report(AttemptEvent happened)
    {
        CancellationToken cancellation;
        lock (gate)
        {
            if (_discarded) return;

            if (upload is null || (_cancelUpload is null && CheckpointOf(happened) is null))
            {
                Send(happened);
                return;
            }

            _behind.Enqueue(happened);
            if (_cancelUpload is not null) return;

            var source = new CancellationTokenSource();
            (_cancelUpload, cancellation) = (source.Cancel, source.Token);
        }

        _ = SendBehindAsync(upload, cancellation);
    }

    /// <summary>Forgets what still waits: the head no longer wants to hear of this attempt.</summary>
    public void Discard()
    {
        Action? cancel;
        lock (gate)
        {
            _discarded = true;
            _behind.Clear();
            cancel = _cancelUpload;
            isOver();
        }

        cancel?.Invoke();
    }

    private async Task SendBehindAsync(UploadCheckpoint store, CancellationToken cancellation)
    {
        while (true)
        {
            AttemptEvent? next;
            lock (gate)
            {
                if (!_behind.TryPeek(out next))
                {
                    _cancelUpload = null;
                    return;
                }
            }

            if (CheckpointOf(next) is { } checkpoint && !await IsStoredAsync(store, checkpoint, cancellation))
            {
                next = next is AttemptEvent.Reported reported ? reported with { Checkpoint = null } : null;
            }

            lock (gate)
            {
                if (_discarded) continue;

                _behind.Dequeue();
                if (next is not null)
                {
                    Send(next);
                }
            }
        }
    }

    private void Send(AttemptEvent happened)
    {
        send(happened);
        if (happened.EndsAttempt)
        {
            isOver();
        }
    }

    private async Task<bool> IsStoredAsync(UploadCheckpoint store, CheckpointFile checkpoint, CancellationToken cancellation)
    {
        try
        {
            return await store(trial, checkpoint, cancellation);
        }
        // Discarded, or an error that nobody foresaw: without its checkpoint the event still counts.
        catch (Exception)
        {
            return false;
        }
    }

    private static CheckpointFile? CheckpointOf(AttemptEvent happened) => happened switch
    {
        AttemptEvent.Reported(_, var checkpoint) => checkpoint,
        AttemptEvent.Checkpointed(var checkpoint) => checkpoint,
        _ => null,
    };
}

/// <summary>Brings a checkpoint to the head, waiting for the head as long as it is away.</summary>
/// <returns>Whether the head has the file now.</returns>
internal delegate Task<bool> UploadCheckpoint(TrialId trial, CheckpointFile checkpoint, CancellationToken cancellation);
