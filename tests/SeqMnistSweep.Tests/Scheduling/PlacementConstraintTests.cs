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
    }

    [Fact]
    public void The_sweep_file_says_how_much()
    {
        var definition = SweepFile.Parse("program: tcn\nmethod: grid\nmetric: {name: val_accuracy, goal: maximize}\nresources: {gpu_memory: 1.5GiB}\nparameters: {levels: {values: [7, 8]}}\n", "a.yaml").Definition;
        Assert.Equal("1.5 GiB of a GPU's memory", PlacementConstraint.Of(definition!, SweepEdits.None).ToString());
    }

    [Theory]
    [InlineData("fp32", true)]
    [InlineData("bf16", true)]
    [InlineData("fp32, tf32", false)]
    public void Trials_of_an_arithmetic_that_only_GPUs_have_go_to_GPUs(string precisions, bool onCpu)
    {
        var definition = SweepFile.Parse($"program: tcn\nmethod: grid\nmetric: {{name: val_accuracy, goal: maximize}}\nparameters: {{precision: {{values: [{precisions}]}}}}\n", "a.yaml").Definition;
        var constraint = PlacementConstraint.Of(definition!, SweepEdits.None);
        Assert.Equal(onCpu, constraint.Takes(new WorkerOffer()));
        Assert.True(constraint.Takes(new WorkerOffer { Gpus = 1 }));
    }

    [Theory]
    [InlineData(80, 1, 80, 1, true)]
    [InlineData(81, 1, 80, 1, false)]
    [InlineData(100, 1, 160, 2, false)]
    [InlineData(80, 1, 160, 2, true)]
    [InlineData(160, 2, 160, 2, true)]
    [InlineData(161, 2, 160, 2, false)]
    [InlineData(1, 2, 80, 1, false)]
    public void A_trial_must_fit_into_each_of_the_GPUs_that_it_uses(long needed, int gpus, long offered, int ofSlot, bool fits)
    {
        var constraint = new PlacementConstraint(null, null, gpus, needed << 30);
        Assert.Equal(fits, constraint.Takes(new WorkerOffer { Gpus = ofSlot, GpuMemory = offered << 30 }));
        Assert.Contains(gpus > 1 ? "GiB of its GPUs' memory" : "GiB of a GPU's memory", constraint.ToString(), StringComparison.Ordinal);
    }
}
