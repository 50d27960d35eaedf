using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Tests.Files;

public sealed class ExclusiveFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-lock-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_holder_waits_for_the_first()
    {
        using (ExclusiveFile.TryHold(Path))
        {
            Assert.Null(ExclusiveFile.TryHold(Path));
        }

        using var again = ExclusiveFile.TryHold(Path);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Who_waits_gets_the_lock_when_it_is_free()
    {
        var time = new FakeTimeProvider();
        var first = ExclusiveFile.TryHold(Path)!;
        var waiting = ExclusiveFile.HoldAsync(Path, time, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await (await waiting).DisposeAsync();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_no_lock_that_is_held() =>
        Assert.Throws<DirectoryNotFoundException>(() => ExclusiveFile.TryHold(System.IO.Path.Combine(_folder, "none", "lock")));
}
