using TorchSharp;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>Arithmetic of the convolutions. Weights, weight norm, head, loss and optimizer are float32 whatever it is.</summary>
internal static class Precision
{
    /// <summary>Prepares the process for it and says which type convolutions run in; null for float32.</summary>
    /// <exception cref="InvalidSettingsException">The device has no such arithmetic.</exception>
    public static ScalarType? Prepare(string precision, Device device)
    {
        var onCuda = device.type == DeviceType.CUDA;
        if (precision == "tf32" && !onCuda)
        {
            throw new InvalidSettingsException("precision is tf32, which only CUDA devices have; use fp32 on the CPU");
        }

        if (precision == "bf16" && !onCuda && !Machine.HasBFloat16)
        {
            throw new InvalidSettingsException("precision is bf16, for which this CPU would need AVX512-BF16 or AMX; use fp32 here");
        }

        if (onCuda)
        {
            // Process-wide and, for convolutions, on by default: a warm runner must set it both ways.
            backends.cuda.matmul.allow_tf32 = precision == "tf32";
            backends.cudnn.allow_tf32 = precision == "tf32";
        }

        return precision == "bf16" ? ScalarType.BFloat16 : null;
    }
}
