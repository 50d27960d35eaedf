namespace SeqMnistSweep.FaultSimulation;

/// <summary>Simulated time and what will happen in it. All of it on one thread, in an order that the seed alone decides.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long At, long Order)> _ahead = new();
    private readonly Turns _turns = new();
    private long _order;

    /// <summary>Milliseconds since the start, on a clock that never jumps.</summary>
    public long Now { get; private set; }

    /// <summary>Milliseconds that the wall clock is off.</summary>
    public long Jump { get; set; }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => Start.AddMilliseconds(Now + Jump);

    public void After(long milliseconds, Action happens) => _ahead.Enqueue(happens, (Now + milliseconds, _order++));

    /// <returns>False when nothing will happen any more.</returns>
    public bool Step()
    {
        if (!_ahead.TryDequeue(out var happens, out var when))
        {
            return false;
        }

        Now = when.At;
        happens();
        _turns.Run();
        return true;
    }

    /// <summary>What waits for a task goes on in this time, on this thread. Without it, all but one of several that wait for the same task would go on at the thread pool's leisure.</summary>
    public T Run<T>(Func<T> all)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_turns);
        try
        {
            return all();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class Turns : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void Run()
        {
            while (_posted.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
    }
}
