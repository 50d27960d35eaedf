using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-store-").FullName;
    private readonly TrialId _trial = new(SweepId.Parse("rig-0000"), 7);

    [Theory]
    [InlineData("/abs/path/model")]
    [InlineData("../model")]
    public void No_name_leads_out_of_the_folder_of_its_trial(string digest)
    {
        var store = new CheckpointStore(new HeadOptions { CheckpointFolder = "/tmp/none" });
        Assert.Throws<ArgumentException>(() => store.PathOf(TrialId.Parse("a-0000/1"), digest));
        Assert.Throws<ArgumentException>(() => store.Drop(TrialId.Parse("a-0000/1"), digest));
    }

    [Fact]
    public void Tidying_leaves_what_is_kept_and_nothing_else()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "rig-0000", "7")).FullName;
        foreach (var file in new[] { "aa.safetensors", "bb.safetensors", "cc.safetensors.tmp" })
        {
            File.WriteAllText(Path.Combine(folder, file), "x");
        }

        new CheckpointStore(new HeadOptions { CheckpointFolder = _folder }).Tidy(_trial, () => new HashSet<string> { "bb" });
        Assert.Equal(["bb.safetensors"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Dropping_what_is_not_there_does_no_harm()
    {
        var store = new CheckpointStore(new HeadOptions { CheckpointFolder = _folder });
        store.Drop(_trial, "aa");
        store.Tidy(_trial, () => new HashSet<string>());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
