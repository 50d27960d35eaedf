namespace SeqMnistSweep.Head.Http;

/// <summary>Threads for reading the database, a few at a time: a slow query must not take those that answer workers.</summary>
internal sealed class ReadLanes(int lanes) : IDisposable
{
    private readonly SemaphoreSlim _free = new(lanes);

    public static ReadLanes Results { get; } = new(4);

    /// <summary>One at a time: each is a copy on the head's disk until it is sent.</summary>
    public static ReadLanes Backups { get; } = new(1);

    /// <exception cref="OperationCanceledException">The client left before its turn.</exception>
    public async Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(
                read, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
