using System.Net;
using System.Text.Json;
using SeqMnistSweep.Grains;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class DatasetsEndpointsTests
{
    [Fact]
    public async Task A_dataset_is_described_and_given_out_file_by_file()
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-data-").FullName;
        byte[] bytes = [1, 2, 3, 4, 5];
        var path = Path.Combine(folder, "images.gz");
        await File.WriteAllBytesAsync(path, bytes);
        var dataset = new DatasetOnHead("d1", [new DatasetFileInfo("images.gz", path, bytes.Length, DigestOf(bytes))]);
        await using var head = await StartAsync(change: options => options with { Datasets = name => name == "tiny" ? dataset : throw new SweepRefusedException($"dataset '{name}' is not here") });

        using var manifest = JsonDocument.Parse(await head.Client.GetStringAsync(new Uri("api/v1/datasets/tiny", UriKind.Relative)));
        Assert.Equal("d1", manifest.RootElement.GetProperty("digest").GetString());
        var file = manifest.RootElement.GetProperty("files")[0];
        Assert.Equal(("images.gz", 5, DigestOf(bytes)), (file.GetProperty("name").GetString(), file.GetProperty("bytes").GetInt32(), file.GetProperty("sha256").GetString()));
        Assert.Equal(bytes, await head.Client.GetByteArrayAsync(new Uri("api/v1/datasets/tiny/images.gz", UriKind.Relative)));

        using var other = await head.Client.GetAsync(new Uri("api/v1/datasets/huge", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, "dataset 'huge' is not here"), (other.StatusCode, await other.Content.ReadAsStringAsync()));
        using var escape = await head.Client.GetAsync(new Uri("api/v1/datasets/tiny/..%2Fsweeps.db", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, escape.StatusCode);
        Directory.Delete(folder, recursive: true);
    }
}
