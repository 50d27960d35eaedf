using SeqMnistSweep.Trainables.Tcn;
using TorchSharp;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>Arithmetic of the convolutions; weights, weight norm, head, loss and optimizer are always float32. On the CPU, any CPU,
/// <c>bf16</c> rounds what they multiply.</summary>
public static class Precision
{
    /// <summary>Why a device has no such arithmetic, and what to do; null where it has.</summary>
    /// <param name="precision"><c>fp32</c>, <c>tf32</c> or <c>bf16</c>.</param>
    /// <param name="onCuda">Whether it is a GPU; else this machine's CPU.</param>
    public static string? WhyNot(string precision, bool onCuda) =>
        TcnDescription.Value.GpuPrecisions.Contains(precision) && !onCuda
            ? $"precision is {precision}, which only CUDA devices have; use fp32 on the CPU" : null;

    /// <summary>Prepares libtorch for it and says which type convolutions run in; null for float32.</summary>
    internal static ScalarType? Prepare(string precision, Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            // Process-wide and, for convolutions, on by default: a warm runner must set it both ways.
            backends.cuda.matmul.allow_tf32 = precision == "tf32";
            backends.cudnn.allow_tf32 = precision == "tf32";
        }

        return precision == "bf16" ? ScalarType.BFloat16 : null;
    }
}
