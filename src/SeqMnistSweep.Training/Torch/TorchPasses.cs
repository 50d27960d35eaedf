using SeqMnistSweep.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Torch;

/// <summary>Passes with libtorch's operators and its autograd: any device, any precision. Tensors are of the caller's scope.</summary>
/// <param name="inputDropout">Share of pixels, as <paramref name="hiddenDropout"/> of activations: 0 to below 1.</param>
/// <param name="seed">The trial's. Every step has a seed of its own, so dropout has no state to save; it is the CPU's.</param>
/// <param name="labelSmoothing">0 to below 1.</param>
internal sealed class TorchPasses(
    TcnNetwork network, double inputDropout, double hiddenDropout, long seed, Device device, double labelSmoothing = 0) : IDisposable
{
    private TcnWeights? _weights;
    private int _length;
    private TorchMasks? _inputMasks;
    private TorchMasks? _hiddenMasks;

    /// <summary>Forwards and backwards.</summary>
    /// <param name="x">[batch, channels, time], float32.</param>
    /// <param name="labels">[batch], int64.</param>
    /// <param name="epoch">With <paramref name="batch"/> what dropout depends on.</param>
    /// <returns>The mean loss's gradient by the flat buffer, good until the next pass, and [mean loss, hits] in float64.</returns>
    public (Tensor Gradient, Tensor Numbers) Gradient(Tensor x, Tensor labels, int epoch, int batch)
    {
        Prepare((int)x.shape[0], (int)x.shape[2]);
        var masks = new StepMasks(inputDropout, hiddenDropout, RandomSeed.Derive(seed, "dropout", epoch, batch));
        var (input, hidden) = (_inputMasks?.Of(masks), _hiddenMasks?.Of(masks));
        var logProbabilities = functional.log_softmax(LastStepForward.Logits(network.Weights(), x, Drop), 1);
        var loss = Smoothed(functional.nll_loss(logProbabilities, labels), logProbabilities);
        network.Flat.grad = null;
        loss.backward();
        return (network.Flat.grad!, Numbers(loss, logProbabilities, labels));

        Tensor Drop(Tensor h, int layer) => layer == StepMasks.InputLayer
            ? input is null ? h : h.mul(input.Of(layer, h.shape[0])).to_type(h.dtype)
            : hidden is null ? h : h.mul_(hidden.Of(layer, h.shape[0]));
    }

    /// <summary>Makes the weights of <see cref="Evaluate"/>.</summary>
    /// <param name="flat">[parameters].</param>
    public void BeginEvaluation(Tensor flat)
    {
        Forget();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _weights = network.Weights(flat);
        foreach (var weight in _weights.Tensors)
        {
            weight.DetachFromDisposeScope();
        }
    }

    /// <summary>Forwards only, with the weights of <see cref="BeginEvaluation"/> and without dropout.</summary>
    /// <param name="x">[batch, channels, time], float32.</param>
    /// <param name="labels">[batch], int64.</param>
    /// <returns>[mean loss, hits] in float64.</returns>
    public Tensor Evaluate(Tensor x, Tensor labels)
    {
        using var off = no_grad();
        var logProbabilities = functional.log_softmax(LastStepForward.Logits(_weights!, x), 1);
        return Numbers(functional.nll_loss(logProbabilities, labels), logProbabilities, labels);
    }

    /// <param name="x">[batch, channels, time], float32.</param>
    /// <returns>Softmax of the logits, [batch, 10] in float64.</returns>
    public Tensor Probabilities(Tensor x)
    {
        using var off = no_grad();
        return functional.softmax(LastStepForward.Logits(_weights!, x).to_type(ScalarType.Float64), 1).contiguous();
    }

    public void Dispose()
    {
        Forget();
        _inputMasks?.Dispose();
        _hiddenMasks?.Dispose();
    }

    /// <summary>The last batch of an epoch may be smaller than the others, which have its masks among theirs.</summary>
    private void Prepare(int images, int length)
    {
        if (_length == length && images <= (_hiddenMasks ?? _inputMasks)?.Images) return;

        _length = length;
        _inputMasks?.Dispose();
        _hiddenMasks?.Dispose();
        _inputMasks = inputDropout > 0
            ? new TorchMasks(inputDropout, [new MaskedLayer(StepMasks.InputLayer, length, network.Shape.InputChannels)], images, device)
            : null;
        _hiddenMasks = hiddenDropout > 0
            ? new TorchMasks(hiddenDropout, [.. MaskedLayer.Of(network.Shape, length)], images, device)
            : null;
    }

    private void Forget()
    {
        foreach (var weight in _weights?.Tensors ?? [])
        {
            weight.Dispose();
        }

        _weights = null;
    }

    private Tensor Smoothed(Tensor loss, Tensor logProbabilities)
    {
        if (labelSmoothing == 0) return loss;

        using Scalar share = labelSmoothing, rest = 1 - labelSmoothing;
        return loss.mul(rest).sub(logProbabilities.mean().mul(share));
    }

    private static Tensor Numbers(Tensor loss, Tensor logProbabilities, Tensor labels)
    {
        var hits = logProbabilities.detach().argmax(1).eq(labels).sum();
        return stack([loss.detach().to_type(ScalarType.Float64), hits.to_type(ScalarType.Float64)]);
    }
}
