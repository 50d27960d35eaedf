namespace SeqMnistSweep.Datasets.Tests;

public sealed class DatasetCatalogTests
{
    public static TheoryData<string> Names => [.. DatasetCatalog.All.Select(dataset => dataset.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_dataset_is_described_completely(string name)
    {
        var dataset = DatasetCatalog.All.Single(known => known.Name == name);

        Assert.Equal([IdxKind.Images, IdxKind.Labels, IdxKind.Images, IdxKind.Labels], dataset.Files.Select(file => file.Kind));
        Assert.Equal([47_040_016, 60_008, 7_840_016, 10_008], dataset.Files.Select(file => file.Bytes));
        Assert.All(dataset.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        Assert.NotEmpty(dataset.Summary);
        Assert.Equal(dataset.IsDrawn ? 0 : 2, dataset.Mirrors.Count);
        Assert.All(dataset.Mirrors, mirror => Assert.EndsWith("/", mirror.AbsoluteUri, StringComparison.Ordinal));
    }

    [Fact]
    public void The_digest_of_a_dataset_is_that_of_its_files_digests_on_lines() =>
        Assert.Equal("ca679089cd9dd461d7b26e36e51216fc71f9271f8082e09656a7c1d29a50483b", DatasetCatalog.Mnist.Digest);
}
