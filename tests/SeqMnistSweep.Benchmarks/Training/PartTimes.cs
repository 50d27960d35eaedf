using System.Diagnostics;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>What a training step spends its time on.</summary>
internal enum StepPart
{
    /// <summary>The kernels of convolutions: forwards, and backwards to inputs and weights.</summary>
    Convolutions,

    /// <summary>The kernels of ReLU, dropout and residuals, both ways.</summary>
    Activations,

    /// <summary>Weight norm, both ways, and bringing weights, gradients and inputs into the kernels' order and back.</summary>
    Norm,

    /// <summary>The linear head and the loss.</summary>
    Head,

    /// <summary>Clipping and the update.</summary>
    Optimizer,

    /// <summary>Picking and normalising a batch.</summary>
    Data,
}

/// <summary>Adds up the time of the parts of training steps, on one thread.</summary>
internal sealed class PartTimes
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length];

    /// <param name="since">A timestamp of <see cref="Stopwatch"/>; the part took the time from then to now.</param>
    /// <returns>The timestamp of now.</returns>
    public long Add(StepPart part, long since)
    {
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)part] += now - since;
        return now;
    }

    public TimeSpan Of(StepPart part) => Stopwatch.GetElapsedTime(0, _ticks[(int)part]);

    public TimeSpan Sum() => Stopwatch.GetElapsedTime(0, _ticks.Sum());

    public void Reset() => Array.Clear(_ticks);
}
