using SeqMnistSweep.Files;

namespace SeqMnistSweep.Trials;

/// <summary>A checkpoint in a store that names its files by content: <c>DIGEST.safetensors</c>.</summary>
/// <param name="Epoch">Epochs finished when it was written; 0 before the first is done.</param>
/// <param name="Batch">Batches done of the next epoch; 0 at an epoch's end.</param>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record CheckpointFile(int Epoch, int Batch, string Digest, long Bytes)
{
    /// <summary>Its name in a store.</summary>
    public string FileName => $"{Digest}.safetensors";

    /// <summary>Whether this one holds more progress than <paramref name="other"/>.</summary>
    public bool IsAfter(CheckpointFile other) => (Epoch, Batch).CompareTo((other.Epoch, other.Batch)) > 0;
}

/// <summary>The wire form of a <see cref="CheckpointFile"/>.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.CheckpointFile")]
public struct CheckpointFileSurrogate
{
    /// <inheritdoc cref="CheckpointFile.Epoch"/>
    [Id(0)]
    public int Epoch { get; set; }

    /// <inheritdoc cref="CheckpointFile.Batch"/>
    [Id(1)]
    public int Batch { get; set; }

    /// <inheritdoc cref="CheckpointFile.Digest"/>
    [Id(2)]
    public string? Digest { get; set; }

    /// <inheritdoc cref="CheckpointFile.Bytes"/>
    [Id(3)]
    public long Bytes { get; set; }
}

/// <summary>Refuses what cannot be a checkpoint: its digest names a file.</summary>
[RegisterConverter]
public sealed class CheckpointFileConverter : IConverter<CheckpointFile, CheckpointFileSurrogate>
{
    /// <inheritdoc/>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public CheckpointFile ConvertFromSurrogate(in CheckpointFileSurrogate surrogate) =>
        surrogate is { Epoch: >= 0, Batch: >= 0, Bytes: >= 0 } && Digest.IsOne(surrogate.Digest)
            ? new CheckpointFile(surrogate.Epoch, surrogate.Batch, surrogate.Digest, surrogate.Bytes)
            : throw new FormatException($"'{surrogate.Digest}' of epoch {surrogate.Epoch} is no checkpoint");

    /// <inheritdoc/>
    public CheckpointFileSurrogate ConvertToSurrogate(in CheckpointFile value) =>
        new() { Epoch = value.Epoch, Batch = value.Batch, Digest = value.Digest, Bytes = value.Bytes };
}
