namespace SeqMnistSweep.Head.Sweeps;

/// <summary>One write at a time: what is decided while one is under way is written, together, by the next. So nothing reaches the disk that
/// was decided on top of something that did not. For one thread at a time, as grains are.</summary>
/// <param name="write">Writes all that is waiting at its start. After it has failed it is not called again.</param>
internal sealed class WriteCoalescer(Func<Task> write)
{
    private Task _current = Task.CompletedTask;
    private Task? _next;

    /// <summary>Completes when everything decided so far is durable.</summary>
    /// <param name="waiting">Whether there is anything that no write has taken yet.</param>
    public Task Durable(bool waiting)
    {
        if (_next is not null || !waiting || _current.IsFaulted) return _next ?? _current;

        return _current.IsCompleted ? _current = write() : _next = After(_current);
    }

    private async Task After(Task current)
    {
        await current;
        (_current, _next) = (_next!, null);
        await write();
    }
}
