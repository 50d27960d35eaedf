using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class VisibleDevicesTests
{
    private static readonly Gpu[] Four = [new(0, "H100", "GPU-aa11"), new(1, "H100", "GPU-aa22"), new(2, "H100", "GPU-bb"), new(3, "H100", "GPU-cc")];

    [Theory]
    [InlineData(null, "GPU-aa11 GPU-aa22 GPU-bb GPU-cc")]
    [InlineData("2", "GPU-bb")]
    [InlineData("3,0", "GPU-cc GPU-aa11")]
    [InlineData(" 1 , 2 ", "GPU-aa22 GPU-bb")]
    [InlineData("GPU-bb", "GPU-bb")]
    [InlineData("GPU-b,GPU-aa2", "GPU-bb GPU-aa22")]
    [InlineData("", "")]
    [InlineData("-1", "")]
    [InlineData("NoDevFiles", "")]
    [InlineData("MIG-aa11", "")]
    [InlineData("1,7,2", "GPU-aa22")]
    [InlineData("0,-1,2", "GPU-aa11")]
    [InlineData("3,GPU-aa,2", "GPU-cc")]
    [InlineData("1,1", "")]
    [InlineData("1,GPU-aa22", "")]
    public void Only_what_the_variable_names_is_there(string? variable, string expected) =>
        Assert.Equal(expected, string.Join(' ', VisibleDevices.Of(Four, variable).Select(gpu => gpu.Uuid)));

    [Theory]
    [InlineData(null, "MIG-1 MIG-2 GPU-77")]
    [InlineData("MIG-2", "MIG-2")]
    [InlineData("MIG-2,GPU-77", "MIG-2")]
    [InlineData("GPU-77,MIG-2", "GPU-77")]
    [InlineData("0", "MIG-1")]
    [InlineData("1", "GPU-77")]
    [InlineData("GPU-3c", "MIG-1")]
    [InlineData("MIG-3", "")]
    [InlineData("MIG-1,MIG-1", "")]
    public void Of_a_divided_GPU_there_are_its_slices(string? variable, string expected)
    {
        const string listed = "GPU 0: NVIDIA H100 (UUID: GPU-3c1f)\n  MIG 1g.10gb     Device  0: (UUID: MIG-1)\n  MIG 2g.20gb     Device  1: (UUID: MIG-2)\nGPU 1: NVIDIA A100 (UUID: GPU-77)\n";
        var visible = VisibleDevices.Of(DeviceSelection.ParseList(listed), variable);
        Assert.Equal(expected, string.Join(' ', visible.Select(gpu => gpu.Uuid)));
        Assert.Equal(Enumerable.Range(0, visible.Count), visible.Select(gpu => gpu.Index));
    }

    [Fact]
    public void What_is_left_is_numbered_from_0_as_CUDA_does()
    {
        var visible = VisibleDevices.Of(Four, "3,1");
        Assert.Equal(["cuda:0", "cuda:1"], visible.Select(gpu => $"cuda:{gpu.Index}"));
        Assert.Equal("GPU-cc", DeviceSelection.Choose("cuda", visible, libtorchHasCuda: true).Gpu!.Uuid);
        Assert.Equal("GPU-aa22", DeviceSelection.Choose("cuda:1", visible, libtorchHasCuda: true).Gpu!.Uuid);
    }

    [Fact]
    public void Where_it_hides_a_GPU_the_error_names_the_variable() => Assert.Contains(
        "CUDA_VISIBLE_DEVICES",
        Assert.Throws<ArgumentException>(() => DeviceSelection.Choose("cuda:1", VisibleDevices.Of(Four, "2"), libtorchHasCuda: true)).Message,
        StringComparison.Ordinal);
}
