using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.TrialInputs;

namespace SeqMnistSweep.Worker.Tests.TrialInputs;

public sealed class CheckpointSpoolTests : IDisposable
{
    private static readonly TrialId Trial = new(SweepId.Parse("rig-0000"), 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-spool-").FullName;

    [Fact]
    public void A_start_empties_the_spool()
    {
        CheckpointSpool.Open(_folder, _ => Assert.Fail("an empty folder is fine"));
        var left = Write("aa");
        CheckpointSpool.Open(_folder, _ => Assert.Fail("it is the worker's own"));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void A_folder_of_somebody_else_is_left_alone()
    {
        var theirs = Write("aa");
        var strange = new List<string>();
        var spool = CheckpointSpool.Open(_folder, strange.Add);
        spool.Hold(Trial);
        spool.Release(Trial);
        Assert.True(File.Exists(theirs));
        Assert.Equal([_folder], strange);
    }

    [Fact]
    public void Files_go_when_their_successor_is_uploaded_and_all_with_the_last_attempt()
    {
        var spool = CheckpointSpool.Open(_folder, _ => { });
        spool.Hold(Trial);
        spool.Hold(Trial);
        var (first, second) = (Write("aa"), Write("bb"));
        spool.Supersede(Trial, new CheckpointFile(1, 0, "aa", 1));
        Assert.True(File.Exists(first));
        spool.Supersede(Trial, new CheckpointFile(2, 0, "bb", 1));
        Assert.False(File.Exists(first));
        spool.Release(Trial);
        Assert.True(File.Exists(second));
        spool.Release(Trial);
        Assert.False(File.Exists(second));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string digest)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "rig-0000", "1")).FullName, $"{digest}.safetensors");
        File.WriteAllText(path, "x");
        return path;
    }
}
