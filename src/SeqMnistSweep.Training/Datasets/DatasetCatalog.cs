using System.Security.Cryptography;
using System.Text;

namespace SeqMnistSweep.Training.Datasets;

/// <summary>One of a dataset's four files: its name without .gz and the published SHA-256 of its decompressed bytes.</summary>
public sealed record DatasetFile(string Name, string Sha256, int Count, bool IsImages)
{
    /// <summary>The size of the decompressed file in bytes: the header and the payload.</summary>
    public long Bytes => IsImages ? 16 + ((long)Count * ImageSet.Pixels) : 8 + Count;
}

/// <summary>What is published of a dataset. <see cref="Mirrors"/> are base addresses ending in '/'; none: the program draws it.</summary>
public sealed record DatasetDefinition(string Name, string Summary, IReadOnlyList<DatasetFile> Files, IReadOnlyList<Uri> Mirrors)
{
    public string Digest { get; } = DatasetCatalog.DigestOf(Files.Select(file => file.Sha256));

    public bool IsGenerated => Mirrors.Count == 0;
}

/// <summary>The datasets that the program knows. To add one that comes as IDX files, add an entry.</summary>
public static class DatasetCatalog
{
    public static readonly DatasetDefinition Mnist = Define(
        "mnist",
        "handwritten digits of LeCun, Cortes and Burges: 60,000 + 10,000 images of 28x28",
        [
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ],
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/");

    /// <summary>The digests are those of Debian's package dataset-fashion-mnist.</summary>
    public static readonly DatasetDefinition FashionMnist = Define(
        "fashion-mnist",
        "Zalando's pictures of clothes in ten classes: 60,000 + 10,000 images of 28x28",
        [
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ],
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/");

    public static readonly DatasetDefinition Glyphs = Define(
        "glyphs",
        "handwriting-like digits drawn by the program, no network needed: 60,000 + 10,000 images of 28x28",
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000",
        ]);

    public static readonly IReadOnlyList<DatasetDefinition> All = [Mnist, FashionMnist, Glyphs];

    /// <exception cref="DatasetException">No dataset has that name.</exception>
    public static DatasetDefinition Find(string name) =>
        All.FirstOrDefault(definition => definition.Name == name)
        ?? throw new DatasetException(
            $"there is no dataset '{name}'; the datasets are {string.Join(", ", All.Select(definition => definition.Name))}");

    /// <summary>The digest of a dataset from those of its four files; <see cref="Dataset"/> has the rule.</summary>
    public static string DigestOf(IEnumerable<string> fileDigests) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', fileDigests))));

    private static DatasetDefinition Define(string name, string summary, string[] digests, params string[] mirrors) =>
        new(
            name,
            summary,
            [
                new("train-images-idx3-ubyte", digests[0], 60_000, true),
                new("train-labels-idx1-ubyte", digests[1], 60_000, false),
                new("t10k-images-idx3-ubyte", digests[2], 10_000, true),
                new("t10k-labels-idx1-ubyte", digests[3], 10_000, false),
            ],
            [.. mirrors.Select(mirror => new Uri(mirror))]);
}
