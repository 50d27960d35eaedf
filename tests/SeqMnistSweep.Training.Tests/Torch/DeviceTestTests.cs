using SeqMnistSweep.Training.Torch;
using TorchSharp;

namespace SeqMnistSweep.Training.Tests.Torch;

/// <summary>Of the test of a GPU what a machine without one can show: that a device which computes right passes, and that none is no success.</summary>
[Collection(TorchCollection.Name)]
public sealed class DeviceTestTests
{
    [Fact]
    public void A_device_that_computes_right_passes() => Assert.Null(DeviceTest.Problem(torch.CPU));

    [Fact]
    public void Where_there_is_no_GPU_it_says_so() => Assert.Contains("finds no CUDA device", DeviceTest.Problem(1), StringComparison.Ordinal);
}
