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
    public void A_file_is_found_and_dropped_by_its_digest_whatever_its_suffix_and_folders_go_when_the_trial_has_ended()
    {
        var store = new CheckpointStore(new HeadOptions { CheckpointFolder = _folder });
        string[] digests = [new('a', 64), new('b', 64), new('c', 64)];
        var files = digests.Zip(["", ".pt", ".tar"], (digest, suffix) => digest + suffix).ToList();
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "rig-0000", "7", "checkpoint-500")).Parent!.FullName;
        Assert.All(files, file => File.WriteAllText(Path.Combine(folder, file), "x"));
        Assert.Equal(files, digests.Select(digest => Path.GetFileName(store.Find(_trial, digest))));
        store.Drop(_trial, digests[0]);
        store.Drop(_trial, digests[1]);
        store.Drop(_trial, "*");
        store.Tidy(_trial, () => digests.ToHashSet());
        Assert.Equal([files[2]], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
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
