using SeqMnistSweep.Grains;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class DeviceMemoryReadingTests
{
    [Fact]
    public void A_gpus_memory_is_as_nvidia_smi_says() =>
        Assert.Equal(new DeviceMemory(1234L << 20, 81559L << 20), DeviceMemoryReading.Parse("1234, 81559\n"));

    [Fact]
    public void Several_are_taken_together() => Assert.Equal(new DeviceMemory(3L << 20, 30L << 20), DeviceMemoryReading.Parse("1, 10\n2, 20\n"));

    [Theory]
    [InlineData("")]
    [InlineData("1, 10\n[N/A], 20\n")]
    [InlineData("[N/A], [N/A]\n")]
    [InlineData("No devices were found\n")]
    public void A_driver_that_does_not_know_says_nothing(string answer) => Assert.Null(DeviceMemoryReading.Parse(answer));

    [Fact]
    public void On_the_processor_it_is_what_worker_and_runners_have_in_memory()
    {
        var alone = DeviceMemoryReading.Of([], [])!;
        Assert.InRange(alone.Used, 1 << 20, alone.Total);
        Assert.InRange(DeviceMemoryReading.Of([], [Environment.ProcessId])!.Used, alone.Used + (1 << 20), long.MaxValue);
    }
}
