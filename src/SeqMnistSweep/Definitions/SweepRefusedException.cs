namespace SeqMnistSweep.Definitions;

/// <summary>The head does not do what was asked: a file that makes no sweep, an action out of place. The message says why.</summary>
[GenerateSerializer, Alias("seqsweep.SweepRefusedException")]
public class SweepRefusedException : Exception
{
    /// <summary>Refused, for a reason that a person can act on.</summary>
    public SweepRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>For serializers.</summary>
    public SweepRefusedException()
    {
    }

    /// <summary>Refused because of another error.</summary>
    public SweepRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
