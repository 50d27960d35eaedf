using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training;

/// <summary>Network, optimizer and dropout of one trial: what a training step changes.</summary>
internal sealed class TcnModel : IDisposable
{
    private readonly TcnSettings _settings;
    private readonly TcnNetwork _network;
    private readonly FlatOptimizer _optimizer;
    private readonly Dropout _dropout;

    public TcnModel(TcnSettings settings, long seed, Device device, ScalarType? compute)
    {
        _settings = settings;
        _network = new TcnNetwork(settings.Shape, device, compute: compute);
        _network.Set(Initialisation.Values(settings.Shape, _network.Slots, seed));
        _optimizer = new FlatOptimizer(settings.Optimizer, _network.Flat);
        _dropout = new Dropout(settings.InputDropout, settings.Dropout, seed, device);
    }

    public int ParameterCount => _network.Count;

    public IReadOnlyList<ParameterSlot> Slots => _network.Slots;

    public long Steps => _optimizer.Step;

    /// <summary>One step on one batch: forward, backward, clip, update. The loss goes into <paramref name="tally"/>; weights stay as they are when it is not finite.</summary>
    /// <param name="x">[batch, channels, time].</param>
    /// <param name="epoch">With <paramref name="batch"/> what dropout depends on.</param>
    public void Train(Tensor x, Tensor labels, int epoch, int batch, BatchTally tally)
    {
        _dropout.BeginStep(epoch, batch);
        var logProbabilities = functional.log_softmax(LastStepForward.Logits(_network.Weights(), x, _dropout), 1);
        var loss = functional.nll_loss(logProbabilities, labels);
        loss.backward();
        tally.Add(loss, logProbabilities, labels);
        if (tally.IsFinite)
        {
            var gradient = _network.Flat.grad!;
            if (_settings.Clip > 0)
            {
                FlatOptimizer.Clip(gradient, _settings.Clip);
            }

            _optimizer.Apply(gradient, _settings.LearningRate.At(epoch));
        }

        _network.Flat.grad = null;
    }

    /// <summary>The weights for <see cref="Evaluate"/>, good until the next step. Called under no_grad, in the scope that is to own them.</summary>
    public TcnWeights Weights() => _network.Weights();

    public static void Evaluate(TcnWeights weights, Tensor x, Tensor labels, BatchTally tally)
    {
        var logProbabilities = functional.log_softmax(LastStepForward.Logits(weights, x), 1);
        tally.Add(functional.nll_loss(logProbabilities, labels), logProbabilities, labels);
    }

    public float[] ReadWeights() => Read(_network.Flat);

    public ImmutableSortedDictionary<string, float[]> ReadMoments() =>
        _optimizer.Moments.ToImmutableSortedDictionary(moment => moment.Name, moment => Read(moment.Value), StringComparer.Ordinal);

    public void SetWeights(float[] values) => _network.Set(values);

    /// <exception cref="CheckpointException">It is of another network or optimizer.</exception>
    public void Restore(Checkpoint checkpoint)
    {
        if (!checkpoint.Slots.Select(slot => slot.Count).SequenceEqual(Slots.Select(slot => slot.Count)))
        {
            throw new CheckpointException($"the checkpoint is of a network with {checkpoint.Weights.Length} parameters of other shapes; this trial's has {ParameterCount}");
        }

        SetWeights(checkpoint.Weights);
        foreach (var moment in _optimizer.Moments)
        {
            using var scope = NewDisposeScope();
            moment.Value.copy_(tensor(checkpoint.Moments.TryGetValue(moment.Name, out var values)
                ? values
                : throw new CheckpointException($"the checkpoint has no {moment.Name}, which {_settings.Optimizer.Kind} needs: it is of another optimizer")));
        }

        _optimizer.SetStep(checkpoint.Step);
    }

    public void Dispose()
    {
        _dropout.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }

    private static float[] Read(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(flat.detach().cpu().bytes).ToArray();
    }
}
