using SeqMnistSweep.Benchmarks;
using SeqMnistSweep.Benchmarks.Training;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Cli.Tests.Benchmarks.Training;

[Collection("alone")]
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

    [Fact]
    public void The_parts_of_a_step_are_all_seen() => Assert.All(KernelWidth.Available, width =>
    {
        var parts = StepProfile.Measure(Small, 3, width);
        Assert.Equal(["convolutions", "activations", "norm", "head", "optimizer", "data"], parts.Select(part => part.Part));
        Assert.All(parts, part => Assert.True(part.Seconds > 0, part.Part));
    });

    [Fact]
    public void The_passes_for_GPUs_are_timed_on_the_device_that_is_named()
    {
        using var bench = new TorchBench(Small, "cpu");
        Assert.True(bench.Step() > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("cuda:99", "there is no cuda:99 to measure on: ")]
    [InlineData("cuda:x", "--device takes cpu, cuda or cuda:N, not 'cuda:x'")]
    [InlineData("tpu", "--device takes cpu, cuda or cuda:N, not 'tpu'")]
    public void A_device_that_is_not_there_is_refused_in_one_line(string device, string expected)
    {
        var message = Assert.Throws<CommandError>(() => BenchCommand.GpuOf(device)).Message;
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Every_width_says_how_much_a_core_can_do() =>
        Assert.All(KernelWidth.Available, width => Assert.True(CorePeak.MultiplyAdds(width, TimeSpan.FromMilliseconds(10)) > 0.001, width.Name));
}
