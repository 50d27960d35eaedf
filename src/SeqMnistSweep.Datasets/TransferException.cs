namespace SeqMnistSweep.Datasets;

/// <summary>Why one transfer failed; final when the same mirror would only say the same again.</summary>
internal sealed class TransferException(string reason, bool isFinal) : Exception(reason)
{
    public bool IsFinal { get; } = isFinal;
}
