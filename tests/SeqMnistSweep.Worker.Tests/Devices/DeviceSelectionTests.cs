using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class DeviceSelectionTests
{
    private static readonly Gpu[] Two = [new(0, "H100", "GPU-aa"), new(1, "H100", "GPU-bb")];

    [Theory]
    [InlineData("auto", true, "cuda:0")]
    [InlineData("auto", false, "cpu")]
    [InlineData("cpu", true, "cpu")]
    [InlineData("cuda", true, "cuda:0")]
    [InlineData("cuda:1", true, "cuda:1")]
    public void A_device_that_is_there_is_taken(string asked, bool cuda, string expected) =>
        Assert.Equal(expected, DeviceSelection.Choose(asked, Two, cuda).Name);

    [Theory]
    [InlineData("cuda:2", true, "cuda:0 (H100)")]
    [InlineData("cuda:0", false, "--libtorch")]
    [InlineData("gpu", true, "cpu, cuda, cuda:N or auto")]
    public void One_that_is_not_says_what_there_is(string asked, bool cuda, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => DeviceSelection.Choose(asked, Two, cuda)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_list_of_nvidia_smi_is_read()
    {
        const string listed = "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-3c1f)\n  MIG 1g.10gb Device 0: (UUID: MIG-1)\nGPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-77)\n";
        Assert.Equal([new(0, "NVIDIA H100 80GB HBM3", "GPU-3c1f"), new Gpu(1, "NVIDIA A100-SXM4-40GB", "GPU-77")], DeviceSelection.ParseList(listed));
    }
}
