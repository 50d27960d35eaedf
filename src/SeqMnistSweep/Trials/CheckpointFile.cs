namespace SeqMnistSweep.Trials;

/// <summary>A checkpoint in a store that names its files by content: <c>DIGEST.safetensors</c>.</summary>
/// <param name="Epoch">Epochs finished when it was written; 0 before the first is done.</param>
/// <param name="Batch">Batches done of the next epoch; 0 at an epoch's end.</param>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the file.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.CheckpointFile")]
public sealed record CheckpointFile(
    [property: Id(0)] int Epoch, [property: Id(1)] int Batch, [property: Id(2)] string Digest, [property: Id(3)] long Bytes)
{
    /// <summary>Its name in a store.</summary>
    public string FileName => $"{Digest}.safetensors";

    /// <summary>Whether this one holds more progress than <paramref name="other"/>.</summary>
    public bool IsAfter(CheckpointFile other) => (Epoch, Batch).CompareTo((other.Epoch, other.Batch)) > 0;
}
