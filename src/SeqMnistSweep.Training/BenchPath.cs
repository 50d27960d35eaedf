namespace SeqMnistSweep.Training;

/// <summary>Two ways to compute the same network.</summary>
public enum BenchPath
{
    /// <summary>Only the positions that the last output depends on; what trials use.</summary>
    Decimated,

    /// <summary>Every position, as the notebook and PyTorch do.</summary>
    Dense,
}
