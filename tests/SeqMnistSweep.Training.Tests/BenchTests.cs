using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Tests.Kernels;

namespace SeqMnistSweep.Training.Tests;

[Collection(TorchCollection.Name)]
public sealed class BenchTests
{
    private static readonly ParameterSet Small = ParameterSet.FromJson("""{"levels":3,"hidden":6,"input_channels":28,"batch_size":64}""");

    [Fact]
    public void An_epoch_is_taken_apart_into_loading_training_and_the_rest()
    {
        using var bench = new EpochBench();
        var times = bench.Run(Small, trials: 2, limit: 0.01);
        Assert.Equal(2, times.Count);
        Assert.All(times, time => Assert.True(time.Loading > 0 && time.Training > 0 && time.Loading + time.Training < time.Seconds));
    }

    [RequiresAvx512Fact]
    public void The_parts_of_a_step_are_all_seen()
    {
        var parts = StepProfile.Measure(Small, 3);
        Assert.Equal(["convolutions", "activations", "norm", "head", "optimizer", "data"], parts.Select(part => part.Part));
        Assert.All(parts, part => Assert.True(part.Seconds > 0, part.Part));
    }
}
