namespace SeqMnistSweep.Head.Sweeps;

/// <summary>The turns of one owner of state: its calls run one at a time, in the order in which they come, on any thread; where a call
/// awaits something, others go on. So what belongs to the owner needs no lock, as in a reentrant grain.</summary>
/// <param name="scheduler">Null for one of its own on the thread pool; a simulation gives its own.</param>
internal sealed class Turns(TaskScheduler? scheduler = null)
{
    private readonly TaskScheduler _scheduler = scheduler ?? new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    public Task<T> Run<T>(Func<Task<T>> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

    public Task Run(Func<Task> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();
}
