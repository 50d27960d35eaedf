using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Provisions;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>
/// An attempt's way into the outbox, in order. What names a checkpoint waits until the head has the file, and everything after it
/// waits behind; other attempts do not. So the database never names a file that is not there.
/// </summary>
/// <param name="uploads">Null when head and worker share the folder.</param>
/// <param name="isOver">Called once, after the last word is in the outbox.</param>
internal sealed class Telling(TrialGrant grant, Outbox outbox, CheckpointUploads? uploads, Action isOver)
{
    private readonly object _gate = new();
    private readonly Queue<AttemptEvent> _behind = [];
    private Action? _cancelUpload;
    private bool _discarded;

    public void Tell(AttemptEvent happened)
    {
        CancellationToken cancellation;
        lock (_gate)
        {
            if (_discarded)
            {
                return;
            }

            if (_cancelUpload is not null)
            {
                _behind.Enqueue(happened);
                return;
            }

            if (uploads is null || CheckpointOf(happened) is null)
            {
                outbox.Add(grant.Trial, grant.Lease, happened);
                cancellation = default;
            }
            else
            {
                _behind.Enqueue(happened);
                var source = new CancellationTokenSource();
                _cancelUpload = source.Cancel;
                cancellation = source.Token;
            }
        }

        if (cancellation.CanBeCanceled)
        {
            _ = Task.Run(() => UploadAllAsync(cancellation), CancellationToken.None);
        }
        else if (happened.EndsAttempt)
        {
            isOver();
        }
    }

    /// <summary>Forgets what still waits: the head no longer wants to hear of this attempt.</summary>
    public void Discard()
    {
        Action? cancel;
        lock (_gate)
        {
            _discarded = true;
            _behind.Clear();
            cancel = _cancelUpload;
        }

        cancel?.Invoke();
        isOver();
    }

    private async Task UploadAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            AttemptEvent next;
            lock (_gate)
            {
                if (_discarded || _behind.Count == 0)
                {
                    _cancelUpload = null;
                    return;
                }

                next = _behind.Peek();
            }

            if (CheckpointOf(next) is { } checkpoint && !await IsStoredAsync(checkpoint, cancellation))
            {
                next = next is AttemptEvent.Reported(var report, _) ? new AttemptEvent.Reported(report, null) : null!;
            }

            lock (_gate)
            {
                if (_discarded)
                {
                    continue;
                }

                _behind.Dequeue();
                if (next is not null)
                {
                    outbox.Add(grant.Trial, grant.Lease, next);
                }
            }

            if (next is { EndsAttempt: true })
            {
                isOver();
            }
        }
    }

    private async Task<bool> IsStoredAsync(CheckpointFile checkpoint, CancellationToken cancellation)
    {
        try
        {
            return await uploads!.UploadAsync(grant.Trial, checkpoint, cancellation);
        }
        // Discarded, or an error that nobody thought of: without its checkpoint the event still counts.
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
