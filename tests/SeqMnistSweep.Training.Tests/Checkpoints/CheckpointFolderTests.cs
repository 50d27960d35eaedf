using System.Collections.Immutable;
using System.Security.Cryptography;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly IReadOnlyList<ParameterSlot> Slots = ParameterSlot.All(new TcnShape(2, 3, 4, 1));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checkpoints-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_checkpoint_is_named_by_its_content_and_comes_back_whole()
    {
        var checkpoint = Sample();
        var file = CheckpointFolder.Write(_folder.FullName, checkpoint);
        var bytes = File.ReadAllBytes(Path.Combine(_folder.FullName, file.FileName));
        Assert.Equal(new CheckpointFile(3, 17, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length), file);
        Assert.Single(_folder.GetFiles());

        var read = CheckpointFolder.Read(_folder.FullName, file);
        Assert.Equal(checkpoint.Weights, read.Weights);
        Assert.Equal(checkpoint.Moments["exp_avg"], read.Moments["exp_avg"]);
        Assert.Equal(checkpoint.Moments.Keys, read.Moments.Keys);
        Assert.Equal(checkpoint.Best!.Weights, read.Best!.Weights);
        Assert.Equal(
            (checkpoint.Epoch, checkpoint.Batch, checkpoint.LossSum, checkpoint.Correct, checkpoint.Step, checkpoint.Seed, checkpoint.Settings, checkpoint.Best.Value),
            (read.Epoch, read.Batch, read.LossSum, read.Correct, read.Step, read.Seed, read.Settings, read.Best.Value));
        Assert.Equal(file, CheckpointFolder.Write(_folder.FullName, read));
    }

    [Fact]
    public void Tensors_have_the_names_of_the_reference()
    {
        var names = Sample().ToTensors().Tensors.Select(tensor => tensor.Name).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "tcn.network.0.conv1.weight_g", "tcn.network.1.conv2.weight_v", "tcn.network.0.downsample.weight", "linear.bias",
                "optimizer.exp_avg.tcn.network.0.conv1.bias", "optimizer.exp_avg_sq.linear.weight", "best.linear.weight", "optimizer.step",
            },
            names);
    }

    [Fact]
    public void A_missing_checkpoint_is_said_to_be_missing()
    {
        var file = new CheckpointFile(1, 0, new string('a', 64), 10);
        Assert.Contains("is not there", Assert.Throws<CheckpointException>(() => CheckpointFolder.Read(_folder.FullName, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused()
    {
        var file = CheckpointFolder.Write(_folder.FullName, Sample());
        var path = Path.Combine(_folder.FullName, file.FileName);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("is damaged", Assert.Throws<CheckpointException>(() => CheckpointFolder.Read(_folder.FullName, file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optimizer.step", "no tensor optimizer.step")]
    [InlineData("linear.bias", "no tensor linear.bias")]
    [InlineData("tcn.network.0.conv1.weight_v", "no tensor tcn.network.0.conv1.weight_v")]
    [InlineData("optimizer.exp_avg.linear.bias", "no tensor optimizer.exp_avg.linear.bias")]
    public void A_checkpoint_without_a_part_is_malformed(string missing, string says)
    {
        var tensors = Sample().ToTensors();
        var file = Place(tensors with { Tensors = [.. tensors.Tensors.Where(tensor => tensor.Name != missing)] });
        Assert.Contains(says, Assert.Throws<CheckpointException>(() => CheckpointFolder.Read(_folder.FullName, file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("format", "other")]
    [InlineData("epoch", "many")]
    [InlineData("batch", "-3")]
    public void A_checkpoint_of_wrong_metadata_is_malformed(string key, string value)
    {
        var tensors = Sample().ToTensors();
        var file = Place(tensors with { Metadata = tensors.Metadata.SetItem(key, value) });
        Assert.Contains("is malformed", Assert.Throws<CheckpointException>(() => CheckpointFolder.Read(_folder.FullName, file)).Message, StringComparison.Ordinal);
    }

    private static Checkpoint Sample()
    {
        var count = Slots.Sum(slot => slot.Count);
        float[] Values(int start) => [.. Enumerable.Range(start, count).Select(i => i / 7f)];
        return new Checkpoint
        {
            Epoch = 3,
            Batch = 17,
            LossSum = 0.1 + 0.2,
            Correct = 99,
            Step = 1 << 20,
            Seed = 1111,
            Settings = """{"levels":2}""",
            Slots = Slots,
            Weights = Values(1),
            Moments = ImmutableSortedDictionary<string, float[]>.Empty.Add("exp_avg", Values(2)).Add("exp_avg_sq", Values(3)),
            Best = new BestEpoch(2, 0.9, 0.3, 0.9, Values(4)),
        };
    }

    private CheckpointFile Place(SafeTensors tensors)
    {
        var bytes = tensors.ToBytes();
        var file = new CheckpointFile(0, 0, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
        File.WriteAllBytes(Path.Combine(_folder.FullName, file.FileName), bytes);
        return file;
    }
}
