using SeqMnistSweep.Files;

namespace SeqMnistSweep.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-atomic-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_appears_whole_and_replaces_the_one_before()
    {
        AtomicFile.Write(Path, [1, 2, 3]);
        AtomicFile.Write(Path, [4]);

        Assert.Equal([4], File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_is_not_committed_leaves_the_old_file_and_nothing_else()
    {
        AtomicFile.Write(Path, [1]);
        using (var file = new AtomicFile(Path))
        {
            file.Stream.WriteByte(2);
            Assert.Single(Directory.GetFiles(_folder, "*" + AtomicFile.PartialSuffix));
        }

        Assert.Equal([1], File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_file_named_by_its_content_gets_its_name_at_the_end()
    {
        using (var file = new AtomicFile(Path))
        {
            file.Stream.WriteByte(2);
            file.Commit(System.IO.Path.Combine(_folder, "digest"));
        }

        Assert.Equal([System.IO.Path.Combine(_folder, "digest")], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Two_writers_of_one_file_do_not_meet()
    {
        using var first = new AtomicFile(Path);
        using var second = new AtomicFile(Path);
        first.Stream.WriteByte(1);
        second.Stream.WriteByte(2);
        second.Commit();
        first.Commit();

        Assert.Equal([1], File.ReadAllBytes(Path));
    }
}
