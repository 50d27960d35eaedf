using System.Diagnostics;
using System.Security.Cryptography;

namespace SeqMnistSweep.Datasets.Tests;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> BrokenNames => [.. BrokenIdxFiles.All.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void A_broken_file_is_refused_with_its_name_what_was_found_and_the_cure(string name)
    {
        var (kind, bytes, says) = BrokenIdxFiles.All[name];
        var path = _folder.Write("broken", bytes);

        var error = Assert.Throws<DatasetException>(() => IdxFile.Read(path, kind, "try the cure"));

        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; try the cure", error.Message, StringComparison.Ordinal);
        Assert.All(says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_cut_of_a_gzip_file_is_refused()
    {
        var whole = IdxBytes.Gzip(IdxBytes.Images(2));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.Write("cut", whole[..length]);
            Assert.Throws<DatasetException>(() => IdxFile.Read(path, IdxKind.Images));
        }
    }

    [Fact]
    public void Random_damage_never_gives_anything_but_a_dataset_error_or_a_file()
    {
        var random = new Random(5);
        var good = new[] { IdxBytes.Images(2), IdxBytes.Gzip(IdxBytes.Images(2)), IdxBytes.Labels(1, 2, 3), IdxBytes.Gzip(IdxBytes.Labels(1, 2, 3)) };
        for (var round = 0; round < 2000; round++)
        {
            var bytes = good[round % good.Length].ToArray();
            for (var change = 0; change < 1 + (round % 5); change++)
            {
                bytes[random.Next(Math.Min(bytes.Length, 60))] = (byte)random.Next(256);
            }

            var path = _folder.Write("fuzz", bytes);
            var caught = Record.Exception(() => IdxFile.Read(path, round % 4 < 2 ? IdxKind.Images : IdxKind.Labels));
            Assert.True(caught is null or DatasetException, caught?.ToString());
        }
    }

    [Fact]
    public void A_huge_promise_allocates_no_more_than_the_bytes_that_are_there()
    {
        var path = _folder.Write("promise", IdxBytes.Gzip(IdxBytes.Header(0x0803, 100_000, 28, 28)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<DatasetException>(() => IdxFile.Read(path, IdxKind.Images));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_are_read_raw_and_from_gzip_whatever_the_name(bool zipped)
    {
        var bytes = IdxBytes.Images(4, shade: 9);
        var path = _folder.Write(zipped ? "images" : "images.gz", zipped ? IdxBytes.Gzip(bytes) : bytes);

        var content = IdxFile.Read(path, IdxKind.Images);

        Assert.Equal(4, content.Count);
        Assert.Equal(bytes[16..], content.Payload);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), content.Sha256);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        IdxFile.Write(_folder["labels"], IdxKind.Labels, [3, 1, 4]);
        Assert.Equal([3, 1, 4], IdxFile.Read(_folder["labels"], IdxKind.Labels).Payload);
        Assert.Equal(IdxBytes.Labels(3, 1, 4), File.ReadAllBytes(_folder["labels"]));
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_named()
    {
        var error = Assert.Throws<DatasetException>(() => IdxFile.Read(_folder.Path, IdxKind.Images));
        Assert.Contains("it is a folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("no/such/folder/images")]
    public void A_missing_file_is_named(string name)
    {
        var error = Assert.Throws<DatasetException>(() => IdxFile.Read(_folder[name], IdxKind.Images));
        Assert.Contains("there is no such file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_is_followed()
    {
        File.CreateSymbolicLink(_folder["link"], _folder.Write("labels", IdxBytes.Labels(4, 2)));
        Assert.Equal([4, 2], IdxFile.Read(_folder["link"], IdxKind.Labels).Payload);
    }

    [Fact]
    public void A_link_to_nothing_is_named()
    {
        File.CreateSymbolicLink(_folder["link"], _folder["nothing"]);
        Assert.Throws<DatasetException>(() => IdxFile.Read(_folder["link"], IdxKind.Labels));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_that_nobody_writes_to_does_not_hang_the_reader(bool linked)
    {
        using (var make = Process.Start("mkfifo", [_folder["pipe"]]))
        {
            await make.WaitForExitAsync();
        }

        File.CreateSymbolicLink(_folder["link"], _folder["pipe"]);
        var read = Task.Run(() => IdxFile.Read(_folder[linked ? "link" : "pipe"], IdxKind.Images));
        await Assert.ThrowsAsync<DatasetException>(() => read.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_device_is_refused_without_being_opened()
    {
        var error = Assert.Throws<DatasetException>(() => IdxFile.Read("/dev/zero", IdxKind.Images));
        Assert.Contains("it is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_named()
    {
        // Root may read everything, so a lock stands in for missing permissions.
        var path = _folder.Write("locked", IdxBytes.Labels(1));
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = Assert.Throws<DatasetException>(() => IdxFile.Read(path, IdxKind.Labels));
        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_labels_of_different_counts_do_not_join()
    {
        var images = IdxFile.Read(_folder.Write("i", IdxBytes.Images(2)), IdxKind.Images);
        var labels = IdxFile.Read(_folder.Write("l", IdxBytes.Labels(1, 2, 3)), IdxKind.Labels);

        var error = Assert.Throws<DatasetException>(() => IdxFile.Join(images, labels));

        Assert.Contains("holds 2 images", error.Message, StringComparison.Ordinal);
        Assert.Contains("holds 3 labels", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
