using SeqMnistSweep.Training.Kernels;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Torch;

/// <summary>The same logits from the positions that they depend on alone, about 5.5 times fewer. The last output reads block i only every
/// 2^i steps counted from the end; on that thinned-out sequence the dilated convolutions are dense ones, and the second of a block can step
/// by two. The last block needs its last step only. Zeros left of a thinned-out sequence stand for the same zeros left of the full one, so
/// nothing is approximated: for any length, levels from 1 and kernels from 2.</summary>
/// <remarks>Activations are [batch, channels, 1, time] with channels last in memory, where oneDNN needs no reordering.</remarks>
internal static class LastStepForward
{
    /// <param name="x">[batch, channels, time].</param>
    /// <param name="dropout">Of activations, in place, by the number of their convolution, and of the input as it is given for layer -1;
    /// null in evaluation.</param>
    /// <returns>Logits of the last time step, [batch, 10], in float32 unless the network is float64.</returns>
    public static Tensor Logits(TcnWeights weights, Tensor x, Func<Tensor, int, Tensor>? dropout = null)
    {
        var h = x.unsqueeze(2).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).to_type(weights.Blocks[0].Weight1.dtype);
        h = dropout?.Invoke(h, StepMasks.InputLayer) ?? h;
        for (var i = 0; i < weights.Blocks.Count - 1; i++)
        {
            h = Block(h, weights.Blocks[i], i, dropout);
        }

        h = LastBlock(h, weights.Blocks[^1], weights.Blocks.Count - 1, dropout);

        var last = h.reshape(h.shape[0], h.shape[1]).to_type(weights.HeadWeight.dtype);
        return functional.linear(last, weights.HeadWeight, weights.HeadBias);
    }

    /// <summary>From time steps 2^i apart to steps 2^(i+1) apart, both ending at the last one: length M becomes ceil(M / 2).</summary>
    private static Tensor Block(Tensor x, BlockWeights block, int index, Func<Tensor, int, Tensor>? dropout)
    {
        var length = x.shape[3];
        var skipped = (length - 1) % 2;
        var left = block.Weight1.shape[2] - 1;
        var h = Activation(Convolution(x, left, block.Weight1, block.Bias1, 1), 2 * index, dropout);
        h = Activation(Convolution(h, left - skipped, block.Weight2, block.Bias2, 2), (2 * index) + 1, dropout);
        return (h + Residual(x.slice(3, skipped, length, 2), block)).relu_();
    }

    private static Tensor LastBlock(Tensor x, BlockWeights block, int index, Func<Tensor, int, Tensor>? dropout)
    {
        var length = x.shape[3];
        var taps = block.Weight1.shape[2];

        // The second convolution reads the last k outputs of the first, and those read the last 2k - 1 inputs.
        var outputs = Math.Min(length, taps);
        var inputs = Math.Min(length, outputs + taps - 1);
        var h = Convolution(x.narrow(3, length - inputs, inputs), outputs + taps - 1 - inputs, block.Weight1, block.Bias1, 1);
        h = Activation(h, 2 * index, dropout);
        h = Activation(Convolution(h, taps - outputs, block.Weight2, block.Bias2, 1), (2 * index) + 1, dropout);
        return (h + Residual(x.narrow(3, length - 1, 1), block)).relu_();
    }

    private static Tensor Convolution(Tensor x, long left, Tensor weight, Tensor bias, long stride) =>
        functional.conv2d(functional.pad(x, [left, 0]), weight.unsqueeze(2), bias, strides: [1, stride]);

    /// <summary>dropout(relu(h)), as relu(dropout(h)): a mask is never negative. Both in place; autograd needs neither input.</summary>
    private static Tensor Activation(Tensor h, int layer, Func<Tensor, int, Tensor>? dropout) => (dropout?.Invoke(h, layer) ?? h).relu_();

    private static Tensor Residual(Tensor x, BlockWeights block) =>
        block.ResidualWeight is { } weight ? functional.conv2d(x, weight.unsqueeze(2), block.ResidualBias) : x;
}
