using System.Diagnostics;

namespace SeqMnistSweep.Datasets.Tests;

public sealed class DatasetCacheTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_lock_held_by_another_process_is_respected_until_it_ends()
    {
        var cache = new DatasetCache(_folder.Path);
        var start = new ProcessStartInfo("flock", [_folder[".mnist.lock"], "sh", "-c", "echo held; read line"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var other = Process.Start(start)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync().WaitAsync(Patience));

        Assert.Null(cache.TryLock("mnist"));
        using (var unrelated = cache.TryLock("fashion-mnist"))
        {
            Assert.NotNull(unrelated);
        }

        other.StandardInput.Close();
        await other.WaitForExitAsync().WaitAsync(Patience);
        using var held = cache.TryLock("mnist");
        Assert.NotNull(held);
    }

    [Fact]
    public void Publishing_replaces_the_whole_folder_and_clears_what_a_crash_left()
    {
        _folder.Write("mnist/stale", [1]);
        _folder.Write(".mnist.old/older", [1]);
        _folder.Write(".mnist.partial/fresh", [2]);

        new DatasetCache(_folder.Path).Publish("mnist");

        Assert.Equal([_folder["mnist", "fresh"]], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Equal([_folder["mnist"]], Directory.GetDirectories(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
