using System.Diagnostics;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>What a training step spends its time on.</summary>
internal enum StepPart
{
    /// <summary>Forwards, and backwards to inputs and weights.</summary>
    Convolutions,

    /// <summary>ReLU, dropout and residuals, both ways.</summary>
    Activations,

    /// <summary>Weight norm, both ways, and bringing weights and gradients into the kernels' order and back.</summary>
    Norm,

    /// <summary>The linear head and the loss.</summary>
    Head,

    /// <summary>Clipping and the update.</summary>
    Optimizer,

    /// <summary>Picking and normalising a batch, and bringing it into the kernels' order.</summary>
    Data,
}

/// <summary>Adds up the time of the parts of training steps, on one thread. Nobody has one but who measures.</summary>
internal sealed class StepClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length];
    private StepPart _now;
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>From now on it is this part.</summary>
    public void In(StepPart part)
    {
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)_now] += now - _since;
        (_now, _since) = (part, now);
    }

    public TimeSpan Of(StepPart part) => Stopwatch.GetElapsedTime(0, _ticks[(int)part]);

    public void Reset()
    {
        Array.Clear(_ticks);
        _since = Stopwatch.GetTimestamp();
    }
}
