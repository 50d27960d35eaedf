using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Head.Storage;
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

    [Fact]
    public async Task Test_images_are_given_out_as_pictures_of_the_dataset_that_was_meant()
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 784).Select(i => (byte)(i * 7))];
        await using var head = await StartAsync(change: options => options with
        {
            Samples = name => name == "tiny" ? new SampleImages("d1", pixels) : throw new SweepRefusedException($"dataset '{name}' is not here"),
        });
        using var answer = await head.Client.GetAsync(new Uri("api/v1/datasets/tiny/test/1.png?digest=d1", UriKind.Relative));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(pixels[784..], PixelsOf(await answer.Content.ReadAsByteArrayAsync()));
        foreach (var (path, status) in new[] { ("tiny/test/2.png", 404), ("tiny/test/-1.png", 404), ("tiny/test/1.png?digest=d2", 404), ("huge/test/0.png", 409) })
        {
            using var refused = await head.Client.GetAsync(new Uri($"api/v1/datasets/{path}", UriKind.Relative));
            Assert.Equal((path, status), (path, (int)refused.StatusCode));
        }
    }

    /// <summary>The grey values of a PNG whose rows are not filtered.</summary>
    private static byte[] PixelsOf(byte[] png)
    {
        Assert.Equal([0x89, .. "PNG\r\n\u001a\n"u8], png[..8]);
        Assert.Equal([0, 0, 0, 28, 0, 0, 0, 28, 8, 0, 0, 0, 0], png[16..29]);
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var rows = new MemoryStream();
        using (var data = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress))
        {
            data.CopyTo(rows);
        }

        return [.. rows.ToArray().Chunk(29).SelectMany(row => row[1..])];
    }
}
