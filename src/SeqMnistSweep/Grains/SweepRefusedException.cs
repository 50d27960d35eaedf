namespace SeqMnistSweep.Grains;

/// <summary>The head does not do what was asked: a file that makes no sweep, an action that the state does not allow. The message says why.</summary>
[GenerateSerializer, Alias("seqsweep.SweepRefusedException")]
public sealed class SweepRefusedException : Exception
{
    public SweepRefusedException(string message)
        : base(message)
    {
    }

    public SweepRefusedException()
    {
    }

    public SweepRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
