namespace SeqMnistSweep.Results.Writing;

/// <summary>A write that waits for its transaction, and the one who waits for it.</summary>
internal abstract class PendingWrite
{
    /// <summary>Changes that it holds: what the size of a transaction is counted in.</summary>
    public abstract int Size { get; }

    /// <summary>Runs within a savepoint of its own.</summary>
    /// <returns>Whether to keep what it did; otherwise the savepoint is rolled back.</returns>
    public abstract bool Apply(Statements statements);

    /// <summary>The transaction is on the disk, or held nothing of this write.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception error);
}

/// <param name="apply">Gives the result, and whether to keep what was done.</param>
/// <param name="committed">Told the result when the transaction is on the disk, on the writer's thread.</param>
internal sealed class PendingWrite<T>(int size, Func<Statements, (T Result, bool Keep)> apply, Action<T>? committed = null) : PendingWrite
{
    // The waiter goes on elsewhere: its code must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override int Size => size;

    public override bool Apply(Statements statements)
    {
        (_result, var keep) = apply(statements);
        return keep;
    }

    public override void Complete()
    {
        committed?.Invoke(_result!);
        _done.TrySetResult(_result!);
    }

    public override void Fail(Exception error) => _done.TrySetException(error);
}
