using SeqMnistSweep.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Torch;

/// <summary>Passes with libtorch's operators and its autograd: any device, any precision. Tensors are of the caller's scope.</summary>
/// <param name="inputDropout">Share of pixels, as <paramref name="hiddenDropout"/> of activations: 0 to below 1.</param>
/// <param name="seed">The trial's. Every step has a seed of its own, so dropout has no state to save.</param>
internal sealed class TorchPasses(TcnNetwork network, double inputDropout, double hiddenDropout, long seed, Device device) : IDisposable
{
    private TcnWeights? _weights;

    /// <summary>Forwards and backwards.</summary>
    /// <param name="x">[batch, channels, time], float32.</param>
    /// <param name="labels">[batch], int64.</param>
    /// <param name="epoch">With <paramref name="batch"/> what dropout depends on.</param>
    /// <returns>The mean loss's gradient by the flat buffer, good until the next pass, and [mean loss, hits] in float64.</returns>
    public (Tensor Gradient, Tensor Numbers) Gradient(Tensor x, Tensor labels, int epoch, int batch)
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.manual_seed((long)(RandomSeed.Derive(seed, "dropout", epoch, batch) >> 1));
        }

        var logProbabilities = functional.log_softmax(LastStepForward.Logits(network.Weights(), x, Drop), 1);
        var loss = functional.nll_loss(logProbabilities, labels);
        network.Flat.grad = null;
        loss.backward();
        return (network.Flat.grad!, Numbers(loss, logProbabilities, labels));
    }

    /// <summary>Makes the weights of <see cref="Evaluate"/> from the present parameters.</summary>
    public void BeginEvaluation()
    {
        Forget();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _weights = network.Weights();
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

    public void Dispose() => Forget();

    private Tensor Drop(Tensor h, int layer)
    {
        var isInput = layer == StepMasks.InputLayer;
        var rate = isInput ? inputDropout : hiddenDropout;
        return rate > 0 ? functional.dropout(h, rate, training: true, inplace: !isInput) : h;
    }

    private void Forget()
    {
        foreach (var weight in _weights?.Tensors ?? [])
        {
            weight.Dispose();
        }

        _weights = null;
    }

    private static Tensor Numbers(Tensor loss, Tensor logProbabilities, Tensor labels)
    {
        var hits = logProbabilities.detach().argmax(1).eq(labels).sum();
        return stack([loss.detach().to_type(ScalarType.Float64), hits.to_type(ScalarType.Float64)]);
    }
}
