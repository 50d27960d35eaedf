using System.Formats.Tar;
using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

public sealed class CheckpointTarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_folder_gives_the_same_bytes_and_comes_out_as_it_went_in()
    {
        var name = $"sub/{new string('n', 200)}/ünï";
        _folder.Write("one/b", [1, 2, 3]);
        _folder.Write($"one/{name}", []);
        Directory.CreateDirectory(_folder["one", "empty"]);
        _folder.Write($"two/{name}", []);
        Directory.CreateDirectory(_folder["two", "empty"]);
        _folder.Write("two/b", [1, 2, 3]);
        File.SetLastWriteTimeUtc(_folder["two", "b"], DateTime.UnixEpoch.AddYears(1));
        var (one, two) = (await PackAsync("one"), await PackAsync("two"));
        Assert.Equal(Digest.Of(one), Digest.Of(two));

        var file = _folder.Write("packed", one);
        _folder.Write("out/left/over", [1]);
        await CheckpointTar.UnpackAsync(file, _folder["out"], CancellationToken.None);
        Assert.Equal(["b", "empty", "sub"], Directory.EnumerateFileSystemEntries(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(_folder["out", "b"]));
        Assert.True(File.Exists(_folder["out", name]));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/tmp/seqsweep-secret")]
    public async Task No_entry_is_written_elsewhere(string name)
    {
        var file = _folder["forged"];
        await using (var tar = new TarWriter(File.Create(file)))
        {
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) });
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => CheckpointTar.UnpackAsync(file, _folder["a", "out"], CancellationToken.None));
        Assert.False(File.Exists(_folder["a", "secret"]) || File.Exists(name));
    }

    [Fact]
    public async Task A_link_in_a_file_leads_nowhere()
    {
        var file = _folder["forged"];
        await using (var tar = new TarWriter(File.Create(file)))
        {
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = _folder.Path });
        }

        await CheckpointTar.UnpackAsync(file, _folder["out"], CancellationToken.None);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["out"]));
    }

    private async Task<byte[]> PackAsync(string name)
    {
        using var packed = new MemoryStream();
        Assert.True(await CheckpointTar.PackAsync(_folder[name], packed));
        return packed.ToArray();
    }
}
