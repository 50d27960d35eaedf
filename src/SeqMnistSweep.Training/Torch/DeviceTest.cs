using SeqMnistSweep.Training.Native;
using TorchSharp;

namespace SeqMnistSweep.Training.Torch;

/// <summary>Whether GPUs compute: a small convolution and a small product of matrices of integers, whose results are exact.</summary>
public static class DeviceTest
{
    private const int Channels = 4;
    private const int Length = 16;
    private const int Taps = 3;

    /// <summary>Why one of the GPUs cannot be used; null where all give the right results. libtorch is loaded.</summary>
    /// <param name="gpus">How many, counted from 0 as this process sees them.</param>
    public static string? Problem(int gpus)
    {
        if (!TorchLibrary.HasCuda || !torch.cuda.is_available()) return $"this libtorch ({TorchLibrary.Folder}) finds no CUDA device";

        return Enumerable.Range(0, gpus).Select(gpu => Problem(torch.device($"cuda:{gpu}"))).FirstOrDefault(problem => problem is not null);
    }

    internal static string? Problem(torch.Device device)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            float[] inputs = [.. Enumerable.Range(0, Channels * Length).Select(i => (float)(i % 7))];
            float[] weights = [.. Enumerable.Range(0, Channels * Channels * Taps).Select(i => (float)((i % 5) - 2))];
            var x = torch.tensor(inputs, 1, Channels, Length).to(device);
            var w = torch.tensor(weights, Channels, Channels, Taps).to(device);
            var convolved = torch.nn.functional.conv1d(x, w).cpu().data<float>().ToArray();
            var product = torch.nn.functional.linear(x[0], x[0]).cpu().data<float>().ToArray();
            return convolved.SequenceEqual(Convolution(inputs, weights)) && product.SequenceEqual(Product(inputs))
                ? null
                : $"{device} computes wrong results";
        }
        catch (System.Runtime.InteropServices.ExternalException error)
        {
            // Trials beside it have the memory: it works.
            return AllocationFailure.Is(error.Message) ? null : $"{device}: {error.Message.Split('\n')[0]}";
        }
    }

    private static IEnumerable<float> Convolution(float[] inputs, float[] weights) =>
        from output in Enumerable.Range(0, Channels)
        from position in Enumerable.Range(0, Length - Taps + 1)
        select Enumerable.Range(0, Channels * Taps)
            .Sum(i => weights[(output * Channels * Taps) + i] * inputs[(i / Taps * Length) + position + (i % Taps)]);

    private static IEnumerable<float> Product(float[] rows) =>
        from a in Enumerable.Range(0, Channels)
        from b in Enumerable.Range(0, Channels)
        select Enumerable.Range(0, Length).Sum(i => rows[(a * Length) + i] * rows[(b * Length) + i]);
}
