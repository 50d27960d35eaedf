namespace SeqMnistSweep.Definitions;

/// <summary>There is no such sweep, or no more: it was deleted.</summary>
[GenerateSerializer, Alias("seqsweep.SweepMissingException")]
public sealed class SweepMissingException : SweepRefusedException
{
    /// <param name="sweep">The id that was asked for.</param>
    public SweepMissingException(string sweep)
        : base($"there is no sweep '{sweep}'")
    {
    }

    /// <summary>For serializers.</summary>
    public SweepMissingException()
    {
    }
}
