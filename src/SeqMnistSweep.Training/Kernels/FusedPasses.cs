using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Trials;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>With <see cref="FusedNetwork"/>, on the memory of libtorch's tensors.</summary>
internal sealed class FusedPasses : INetworkPasses
{
    private readonly TcnNetwork _network;
    private readonly FusedNetwork _fused;
    private readonly Tensor _gradient;
    private readonly double _inputDropout;
    private readonly double _hiddenDropout;
    private readonly long _seed;

    /// <param name="length">Time steps of the input.</param>
    /// <param name="seed">The trial's.</param>
    public FusedPasses(TcnNetwork network, int length, double inputDropout, double hiddenDropout, long seed, int threads, bool inBFloat16, StepClock? clock)
    {
        (_network, _inputDropout, _hiddenDropout, _seed) = (network, inputDropout, hiddenDropout, seed);
        _fused = new FusedNetwork(network.Shape, network.Slots, length, threads, inBFloat16, clock);
        _gradient = zeros(network.Count).DetachFromDisposeScope();
    }

    public Tensor Gradient(Tensor x, Tensor labels, int epoch, int batch, BatchTally tally)
    {
        _fused.Load(Values<float>(_network.Flat), forTraining: true);
        var masks = new StepMasks(_inputDropout, _hiddenDropout, RandomSeed.Derive(_seed, "dropout", epoch, batch));
        var sums = _fused.Train(Values<float>(x), Values<long>(labels), masks, Values<float>(_gradient));
        tally.Add(sums, (int)labels.shape[0]);
        return _gradient;
    }

    public void BeginEvaluation() => _fused.Load(Values<float>(_network.Flat), forTraining: false);

    public void Evaluate(Tensor x, Tensor labels, BatchTally tally) =>
        tally.Add(_fused.Evaluate(Values<float>(x), Values<long>(labels), []), (int)labels.shape[0]);

    public void Dispose()
    {
        _fused.Dispose();
        _gradient.Dispose();
    }

    private static Span<T> Values<T>(Tensor tensor)
        where T : struct => MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
