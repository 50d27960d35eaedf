using System.Text.Json.Serialization;
using SeqMnistSweep.Files;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Trials;

/// <summary>A checkpoint in a store that names its files by content: <c>DIGEST.safetensors</c>; those of programs keep their suffix,
/// <c>DIGEST.pt</c>, and a folder is one file, <c>DIGEST.tar</c>.</summary>
/// <param name="Epoch">Epochs finished when it was written; 0 before the first is done.</param>
/// <param name="Batch">Batches done of the next epoch; 0 at an epoch's end.</param>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Name">What the program calls it, without the folders before: <c>last.pt</c>, or <c>checkpoint-500/</c> for a folder. Null for
/// one of <c>tcn</c>, and of before schema 15.</param>
public sealed record CheckpointFile(
    int Epoch, int Batch, string Digest, long Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null)
{
    private const string Known = ".safetensors";
    private const string Folder = ".tar";
    private const int MaxSuffix = 20;

    /// <summary>Its name in a store.</summary>
    [JsonIgnore]
    public string FileName => NameOf(Digest, Name);

    /// <summary>Whether the program wrote a folder.</summary>
    [JsonIgnore]
    public bool IsFolder => Name?.EndsWith('/') == true;

    /// <summary>The name in a store.</summary>
    /// <param name="name">As <see cref="Name"/>.</param>
    public static string NameOf(string digest, string? name) =>
        digest + (name is null ? Known : name.EndsWith('/') ? Folder : SuffixOf(name));

    /// <summary>Whether a file of a store may be called so.</summary>
    public static bool IsFileName(string name) =>
        name.Split('.', 2) is [var digest, ..] parts && Files.Digest.IsOne(digest)
        && (parts.Length == 1 || SuffixOf(name) == "." + parts[1]);

    /// <summary>What may be the <see cref="Name"/> of one.</summary>
    public static bool IsName(string name) =>
        OutsideText.IsName(name, max: 255) && !name[..^1].Contains('/') && name.TrimEnd('/') is not ("" or "." or "..");

    /// <summary>Of letters and digits, or none.</summary>
    private static string SuffixOf(string name) =>
        Path.GetExtension(name) is { Length: <= MaxSuffix } suffix && suffix.Skip(1).All(char.IsAsciiLetterOrDigit)
            && suffix != AtomicFile.PartialSuffix ? suffix : "";

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

    /// <inheritdoc cref="CheckpointFile.Name"/>
    [Id(4)]
    public string? Name { get; set; }
}

/// <summary>Refuses what cannot be a checkpoint: its digest names a file.</summary>
[RegisterConverter]
public sealed class CheckpointFileConverter : IConverter<CheckpointFile, CheckpointFileSurrogate>
{
    /// <inheritdoc/>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public CheckpointFile ConvertFromSurrogate(in CheckpointFileSurrogate surrogate) =>
        surrogate is { Epoch: >= 0, Batch: >= 0, Bytes: >= 0 } && Digest.IsOne(surrogate.Digest)
            && (surrogate.Name is null || CheckpointFile.IsName(surrogate.Name))
            ? new CheckpointFile(surrogate.Epoch, surrogate.Batch, surrogate.Digest, surrogate.Bytes, surrogate.Name)
            : throw new FormatException($"'{surrogate.Digest}' of epoch {surrogate.Epoch} is no checkpoint");

    /// <inheritdoc/>
    public CheckpointFileSurrogate ConvertToSurrogate(in CheckpointFile value) =>
        new() { Epoch = value.Epoch, Batch = value.Batch, Digest = value.Digest, Bytes = value.Bytes, Name = value.Name };
}
