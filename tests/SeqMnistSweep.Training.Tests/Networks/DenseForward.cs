using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Tests.Networks;

/// <summary>
/// The network as the notebook computes it: every block at every time step. Slow, and the oracle that
/// <see cref="LastStepForward"/> is tested against.
/// </summary>
internal static class DenseForward
{
    /// <param name="x">[batch, channels, time].</param>
    /// <param name="dropout">Applied after each convolution of each block; null in evaluation.</param>
    /// <returns>Logits of the last time step, [batch, 10].</returns>
    public static Tensor Logits(TcnWeights weights, Tensor x, Func<Tensor, Tensor>? dropout = null)
    {
        var dilation = 1;
        foreach (var block in weights.Blocks)
        {
            var h = Convolution(x, block.Weight1, block.Bias1, dilation);
            h = Convolution(dropout?.Invoke(h) ?? h, block.Weight2, block.Bias2, dilation);
            var residual = block.ResidualWeight is { } weight ? functional.conv1d(x, weight, block.ResidualBias) : x;
            x = ((dropout?.Invoke(h) ?? h) + residual).relu();
            dilation *= 2;
        }

        return functional.linear(x.select(2, -1), weights.HeadWeight, weights.HeadBias);
    }

    /// <summary>Pads both sides and cuts the future off again.</summary>
    private static Tensor Convolution(Tensor x, Tensor weight, Tensor bias, int dilation)
    {
        var padding = (weight.shape[2] - 1) * dilation;
        return functional.conv1d(x, weight, bias, padding: padding, dilation: dilation).narrow(2, 0, x.shape[2]).contiguous().relu();
    }
}
