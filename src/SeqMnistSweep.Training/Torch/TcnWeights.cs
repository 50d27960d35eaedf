using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Torch;

/// <summary>The network's weights as they are used, with the weight norm applied; made once per step, and once per evaluation.</summary>
internal sealed record TcnWeights(IReadOnlyList<BlockWeights> Blocks, Tensor HeadWeight, Tensor HeadBias)
{
    public IEnumerable<Tensor> Tensors =>
    [
        .. Blocks.SelectMany(block => block.Tensors).OfType<Tensor>(),
        HeadWeight,
        HeadBias,
    ];
}

/// <summary>Weights are [out, in, k]. The residual's are null where it is taken as it is.</summary>
internal sealed record BlockWeights(
    Tensor Weight1, Tensor Bias1, Tensor Weight2, Tensor Bias2, Tensor? ResidualWeight, Tensor? ResidualBias)
{
    public IEnumerable<Tensor?> Tensors => [Weight1, Bias1, Weight2, Bias2, ResidualWeight, ResidualBias];
}
