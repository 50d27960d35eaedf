namespace SeqMnistSweep.Worker.Runners;

/// <summary>Kills a runner that takes more memory than its slot may have, before the kernel looks for something to kill on the whole machine.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ITimer _timer;
    private long _exceeded;

    /// <param name="limit">Bytes.</param>
    public MemoryWatch(IRunner runner, long limit, TimeProvider time) => _timer = time.CreateTimer(
        _ =>
        {
            if (KernelMemory.Resident(runner.Id) is var used && used > limit && Interlocked.CompareExchange(ref _exceeded, used, 0) == 0)
            {
                runner.Kill();
            }
        },
        null, Interval, Interval);

    /// <summary>What it took when it was killed for it, in bytes; null while it was not.</summary>
    public long? Exceeded => Interlocked.Read(ref _exceeded) is > 0 and var used ? used : null;

    public void Dispose() => _timer.Dispose();
}
