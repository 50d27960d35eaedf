namespace SeqMnistSweep.Worker.Slots;

/// <summary>A thread that runs what it is given, one after the other. A thousand of them may exist: their stacks are small.</summary>
internal sealed class SlotThread : IDisposable
{
    private const int StackBytes = 256 << 10;

    private readonly object _gate = new();
    private Action? _work;
    private bool _ended;

    public SlotThread()
    {
        new Thread(Loop, StackBytes) { IsBackground = true, Name = "slot" }.Start();
    }

    /// <summary>Only when what was given before has ended, or is about to return.</summary>
    public void Run(Action work)
    {
        lock (_gate)
        {
            _work = work;
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Loop()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (_work is null && !_ended)
            {
                Monitor.Wait(_gate);
            }

            var work = _work;
            _work = null;
            return work;
        }
    }
}
