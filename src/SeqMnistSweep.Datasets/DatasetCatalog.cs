namespace SeqMnistSweep.Datasets;

/// <summary>The datasets that the program knows. To add one that comes as IDX files, add an entry.</summary>
public static class DatasetCatalog
{
    /// <summary>The digests are those of the files at both mirrors.</summary>
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

    /// <summary>Drawn by the program: <see cref="Datasets.Glyphs"/>.</summary>
    public static readonly DatasetDefinition Glyphs = Define(
        "glyphs",
        "handwriting-like digits drawn by the program, no network needed: 60,000 + 10,000 images of 28x28",
        [
            "7f8028bbadef0d1f87d7a58354fd78e40e432162d15ce3777c383bdaeb355db0",
            "47c80278c16621300300a01f39f8243e0cb38d628279e815b263ac213e2a8a49",
            "ef4e9002a2ec1b2cc0a647bc08f1d9a926d5a673314def0fbe86d23a8afe614c",
            "218bf0bb3827ba20873a4c996d63cdeb906243930b38d5913a954df149d9fe2d",
        ]) with
    { IsDrawn = true };

    /// <summary>All of them; the first is the default.</summary>
    public static readonly IReadOnlyList<DatasetDefinition> All = [Mnist, FashionMnist, Glyphs];

    private static DatasetDefinition Define(string name, string summary, string[] digests, params string[] mirrors) =>
        new(
            name,
            summary,
            [
                new("train-images-idx3-ubyte", IdxKind.Images, 60_000, digests[0]),
                new("train-labels-idx1-ubyte", IdxKind.Labels, 60_000, digests[1]),
                new("t10k-images-idx3-ubyte", IdxKind.Images, 10_000, digests[2]),
                new("t10k-labels-idx1-ubyte", IdxKind.Labels, 10_000, digests[3]),
            ],
            [.. mirrors.Select(mirror => new Uri(mirror))]);
}
