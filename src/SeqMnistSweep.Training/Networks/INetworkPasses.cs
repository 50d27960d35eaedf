using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Networks;

/// <summary>Passes of one network through batches; where and how is the implementation's matter.</summary>
internal interface INetworkPasses : IDisposable
{
    /// <summary>Forwards and backwards. Loss and hits go into <paramref name="tally"/>.</summary>
    /// <param name="x">[batch, channels, time], float32.</param>
    /// <param name="labels">[batch], int64.</param>
    /// <param name="epoch">With <paramref name="batch"/> what dropout depends on.</param>
    /// <returns>The mean loss's gradient by the flat buffer, good until the next pass.</returns>
    Tensor Gradient(Tensor x, Tensor labels, int epoch, int batch, BatchTally tally);

    /// <summary>Makes the weights of <see cref="Evaluate"/> from the present parameters. Called under no_grad, in a scope that outlives the evaluation.</summary>
    void BeginEvaluation();

    void Evaluate(Tensor x, Tensor labels, BatchTally tally);
}
