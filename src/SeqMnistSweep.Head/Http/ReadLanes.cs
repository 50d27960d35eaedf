namespace SeqMnistSweep.Head.Http;

/// <summary>Threads of their own for reading the database, a few at a time: a slow query must take none of those that answer workers.</summary>
internal sealed class ReadLanes(int lanes) : IDisposable
{
    private readonly SemaphoreSlim _free = new(lanes);

    /// <exception cref="OperationCanceledException">The client left before its turn.</exception>
    public async Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(read, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
