using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class PlacementConstraintTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(4, 8, true)]
    [InlineData(8, 8, true)]
    [InlineData(9, 8, false)]
    [InlineData(null, 8, true)]
    [InlineData(900, null, true)]
    public void A_trial_goes_where_a_GPU_has_the_memory_that_it_asks_for(int? needed, int? has, bool taken)
    {
        var constraint = new PlacementConstraint(null, null, 0, needed * GiB);
        Assert.Equal(taken, constraint.Takes(new WorkerOffer { Gpus = 1, GpuMemory = has * GiB }));
        Assert.Equal(taken, constraint.Fits(has * GiB));
    }

    [Fact]
    public void The_sweep_file_says_how_much()
    {
        var definition = SweepFile.Parse("program: tcn\nmethod: grid\nmetric: {name: val_accuracy, goal: maximize}\nresources: {gpu_memory: 1.5GiB}\nparameters: {levels: {values: [7, 8]}}\n", "a.yaml").Definition;
        Assert.Equal("1.5 GiB of a GPU's memory", PlacementConstraint.Of(definition!, SweepEdits.None).ToString());
    }

    [Theory]
    [InlineData(80, 1, 4, 80)]
    [InlineData(160, 2, 2, 80)]
    [InlineData(160, 2, 4, 40)]
    [InlineData(160, 2, 1, 160)]
    public void One_trial_may_have_all_of_a_GPU_that_slots_share_and_an_even_part_of_several(long total, int gpus, int slots, long expected)
    {
        Assert.Equal(expected, WorkerOffer.MemoryOfOne(total, gpus, slots));
        Assert.Null(WorkerOffer.MemoryOfOne(null, gpus, slots));
    }
}
