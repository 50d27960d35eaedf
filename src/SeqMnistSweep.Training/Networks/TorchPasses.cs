using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Networks;

/// <summary>With libtorch's operators and its autograd: any device, any precision.</summary>
internal sealed class TorchPasses(TcnNetwork network, double inputDropout, double hiddenDropout, long seed, Device device) : INetworkPasses
{
    private readonly Dropout _dropout = new(inputDropout, hiddenDropout, seed, device);
    private TcnWeights? _weights;

    public Tensor Gradient(Tensor x, Tensor labels, int epoch, int batch, BatchTally tally)
    {
        _dropout.BeginStep(epoch, batch);
        var logProbabilities = functional.log_softmax(LastStepForward.Logits(network.Weights(), x, _dropout), 1);
        var loss = functional.nll_loss(logProbabilities, labels);
        network.Flat.grad = null;
        loss.backward();
        tally.Add(loss, logProbabilities, labels);
        return network.Flat.grad!;
    }

    public void BeginEvaluation() => _weights = network.Weights();

    public void Evaluate(Tensor x, Tensor labels, BatchTally tally)
    {
        var logProbabilities = functional.log_softmax(LastStepForward.Logits(_weights!, x), 1);
        tally.Add(functional.nll_loss(logProbabilities, labels), logProbabilities, labels);
    }

    public void Dispose() => _dropout.Dispose();
}
