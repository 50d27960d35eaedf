namespace SeqMnistSweep.Datasets;

/// <summary>One of a dataset's four files: its name without .gz, and the published SHA-256 of its decompressed bytes.</summary>
public sealed record DatasetFile(string Name, IdxKind Kind, int Count, string Sha256)
{
    /// <summary>The size of the decompressed file in bytes, header included.</summary>
    public long Bytes => IdxHeader.Size(Kind) + ((long)Count * IdxHeader.ItemSize(Kind));
}

/// <summary>What is published of a dataset. Its files are training images, training labels, test images, test labels, in this order; its
/// mirrors are base addresses that end in '/', to which a file's name with .gz is added.</summary>
public sealed record DatasetDefinition(string Name, string Summary, IReadOnlyList<DatasetFile> Files, IReadOnlyList<Uri> Mirrors)
{
    /// <summary>Whether the program draws the dataset itself and so needs neither files nor a network.</summary>
    public bool IsDrawn { get; init; }

    /// <summary>The published digest of the whole; <see cref="Dataset"/> has the rule.</summary>
    public string Digest => DigestOf(Files.Select(file => file.Sha256));

    /// <summary>What to do about a broken copy in the given folder.</summary>
    internal string Cure(string folder) =>
        IsDrawn
            ? $"delete the folder {folder} and the program draws it anew"
            : $"delete or repair the files in {folder}, then run `seqsweep data fetch {Name}`";

    internal static string DigestOf(IEnumerable<string> fileDigests) =>
        SeqMnistSweep.Files.Digest.Of(string.Join('\n', fileDigests));
}
