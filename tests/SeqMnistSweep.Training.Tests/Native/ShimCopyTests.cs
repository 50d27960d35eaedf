using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Training.Tests.Native;

[Collection(TorchCollection.Name)]
public sealed class ShimCopyTests : IDisposable
{
    private static readonly string Source = TorchLibrary.ProgramFolders().Select(folder => Path.Combine(folder, ShimCopy.FileName)).First(File.Exists);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shim-");

    // The copies need libtorch loaded, by full path, before them.
    public ShimCopyTests() => TorchLibrary.Load();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_copy_is_kept_under_the_digest_of_its_source()
    {
        Assert.NotEqual(0, ShimCopy.Load(Source, _folder.FullName));
        var copy = Assert.Single(_folder.GetFiles("*", SearchOption.AllDirectories));
        Assert.Equal(ShimCopy.PathIn(_folder.FullName, File.ReadAllBytes(Source)), copy.FullName);
        Assert.Equal(VersionNeed.Weaken(File.ReadAllBytes(Source), "libstdc++.so.6", "GLIBCXX_3.4.32"), File.ReadAllBytes(copy.FullName));
    }

    [Fact]
    public void A_good_copy_is_used_again_and_a_damaged_one_replaced()
    {
        var path = ShimCopy.PathIn(_folder.FullName, File.ReadAllBytes(Source));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "damaged");
        ShimCopy.Load(Source, _folder.FullName);
        Assert.Equal(File.ReadAllBytes(Source).Length, File.ReadAllBytes(path).Length);

        var written = File.GetLastWriteTimeUtc(path);
        ShimCopy.Load(Source, _folder.FullName);
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_done_without()
    {
        var file = Path.Combine(_folder.FullName, "a file where the folder should be");
        File.WriteAllText(file, "");
        Assert.NotEqual(0, ShimCopy.Load(Source, file));
        Assert.NotEqual(0, ShimCopy.Load(Source, null));
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void A_damaged_source_is_refused()
    {
        var damaged = Path.Combine(_folder.FullName, ShimCopy.FileName);
        File.WriteAllBytes(damaged, File.ReadAllBytes(Source)[..5000]);
        Assert.Throws<InvalidDataException>(() => ShimCopy.Load(damaged, _folder.FullName));
    }
}
