using SeqMnistSweep.Training.Native;
using TorchSharp;

namespace SeqMnistSweep.Training.Tests.Native;

[Collection(TorchCollection.Name)]
public sealed class TorchLibraryTests
{
    [Fact]
    public void Nothing_of_another_libtorch_is_loaded()
    {
        TorchLibrary.Load();
        using var tensor = torch.ones(2);
        var loaded = File.ReadLines("/proc/self/maps")
            .Select(line => line.Split(' ').Last())
            .Where(path => path.StartsWith('/') && path.Contains(".so", StringComparison.Ordinal))
            .Distinct()
            .ToList();

        foreach (var library in new[] { "libtorch_cpu.so", "libtorch.so", "libc10.so", "libLibTorchSharp.so", "libgomp" })
        {
            // One of each, and none from the system's folders, where Debian's python3-torch puts its own.
            var path = Assert.Single(loaded.Where(path => Path.GetFileName(path).StartsWith(library, StringComparison.Ordinal)).Select(Path.GetFileName).Distinct());
            Assert.DoesNotContain(loaded, other => Path.GetFileName(other) == path && (other.StartsWith("/usr/lib", StringComparison.Ordinal) || other.StartsWith("/lib", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Loading_again_does_nothing()
    {
        TorchLibrary.Load();
        var folder = TorchLibrary.Folder;
        TorchLibrary.Load();
        TorchLibrary.Load(folder);
        Assert.Equal(folder, TorchLibrary.Folder);
    }

    /// <summary>TorchSharp's constant has four parts.</summary>
    [Fact]
    public void The_version_is_the_loaded_library_s_own_word()
    {
        TorchLibrary.Load();
        Assert.Equal("2.10.0", TorchLibrary.Version);
    }

    [Fact]
    public void Another_libtorch_cannot_follow_the_first()
    {
        TorchLibrary.Load();
        Assert.Contains("already", Assert.Throws<TorchLoadException>(() => TorchLibrary.Load("/nowhere")).Message, StringComparison.Ordinal);
    }
}
