using System.Runtime.InteropServices;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;
using TorchSharp;

namespace SeqMnistSweep.Training.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class MemoryTests
{
    /// <summary>The runtime's own tables grow by less; one leaked gradient a step is five times as much.</summary>
    private const long MaxGrowth = 1 << 20;

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

        var (tensors, memory) = (torch.Tensor.TotalCount, BytesInUse());
        for (var i = 0; i < 500; i++)
        {
            model.Train(batch, 1, 50 + i, tally);
        }

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        Assert.InRange(BytesInUse() - memory, long.MinValue, MaxGrowth);
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

        var (tensors, memory) = (torch.Tensor.TotalCount, BytesInUse());
        for (var i = 0; i < 40; i++)
        {
            trial.Complete(assignment);
        }

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        Assert.InRange(BytesInUse() - memory, long.MinValue, MaxGrowth);
    }

    /// <summary>
    /// What is allocated and not freed, in the managed heap and in glibc's. Unlike the resident pages it depends neither on what
    /// allocators keep for later nor on the load of the machine.
    /// </summary>
    private static long BytesInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var native = MallocStatistics();
        return managed + (long)(native.UsedInArenas + native.Mapped);
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern MallocInfo MallocStatistics();

    /// <summary>glibc's struct mallinfo2, of all arenas together.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInfo
    {
        private readonly nuint _arena, _freeChunks, _fastChunks, _mappings;
        public readonly nuint Mapped;
        private readonly nuint _unused, _fastBytes;
        public readonly nuint UsedInArenas;
        private readonly nuint _free, _trimmable;
    }
}
