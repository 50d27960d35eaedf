namespace SeqMnistSweep.Worker.Runners;

/// <summary>Kills a runner that takes more memory than its slot may have, before the kernel looks for something to kill.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ProcessRunner _runner;
    private readonly long _limit;
    private readonly long _oomKills = KernelMemory.OomKills();
    private readonly ITimer _timer;
    private long _exceeded;

    /// <param name="limit">Bytes.</param>
    public MemoryWatch(ProcessRunner runner, long limit, TimeProvider time)
    {
        (_runner, _limit) = (runner, limit);
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>What the end of the runner's process means for an attempt that has reported no end.</summary>
    public AttemptEvent EndOf(RunnerExit exit)
    {
        if (Interlocked.Read(ref _exceeded) is > 0 and var used)
        {
            return new AttemptEvent.Failed(
                FailureCause.OutOfMemory,
                $"{_runner.Name} took {used >> 20} MiB of the {_limit >> 20} MiB that a slot may have; "
                + "give the worker fewer --slots, or more --slot-memory");
        }

        return (exit.IsKilled, KernelMemory.OomKills() > _oomKills) switch
        {
            (true, true) => new AttemptEvent.Failed(FailureCause.OutOfMemory, $"the kernel ran out of memory and killed {_runner.Name}"),
            (true, false) => new AttemptEvent.Killed($"{_runner.Name} was {exit}"),
            _ => new AttemptEvent.Failed(
                FailureCause.Crashed, $"{_runner.Name} {exit}{(_runner.LastWords.Length > 0 ? ": " + _runner.LastWords : "")}"),
        };
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var used = ProcessTree.Of(_runner.Id).Max(KernelMemory.Resident);
        if (used > _limit && Interlocked.CompareExchange(ref _exceeded, used, 0) == 0)
        {
            _runner.Kill();
        }
    }
}
