using SeqMnistSweep.Datasets;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Kernels;
using TorchSharp;

namespace SeqMnistSweep.Training.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class MemoryTests
{
    private const string Small = """{"levels":3,"hidden":6,"input_channels":28,"batch_size":16,"input_dropout":0.1}""";

    [Fact]
    public void Five_hundred_steps_leave_nothing_behind()
    {
        using var model = new CpuModel(TcnSettings.From(ParameterSet.FromJson(Small)), seed: 1111, threads: 1, LaneKernels.Widest);
        var images = new ImageSet(new byte[16 * ImageSet.Pixels], new byte[16]);
        var batch = new ImageBatch(new LabelledImages(images, 0, 16), 0, 16);
        var tally = new BatchTally();
        for (var i = 0; i < 50; i++)
        {
            model.Train(batch, 1, i, tally);
        }

        GC.Collect();
        var (tensors, memory) = (torch.Tensor.TotalCount, ResidentBytes());
        for (var i = 0; i < 500; i++)
        {
            model.Train(batch, 1, 50 + i, tally);
        }

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        GC.Collect();
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 10 << 20);
    }

    [Fact]
    public void Trials_after_each_other_leave_nothing_behind()
    {
        using var trial = new TrialRun();
        var assignment = trial.Assignment("""{"epochs":1}""");
        for (var i = 0; i < 5; i++)
        {
            trial.Complete(assignment);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (tensors, memory) = (torch.Tensor.TotalCount, ResidentBytes());
        for (var i = 0; i < 40; i++)
        {
            trial.Complete(assignment);
        }

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        GC.Collect();
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 10 << 20);
    }

    private static long ResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }
}
