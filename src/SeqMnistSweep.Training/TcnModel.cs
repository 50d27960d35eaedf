using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>Network and optimizer of one trial: what a training step changes.</summary>
internal sealed class TcnModel : IDisposable
{
    private readonly TcnSettings _settings;
    private readonly TcnNetwork _network;
    private readonly FlatOptimizer _optimizer;
    private readonly INetworkPasses _passes;
    private readonly StepClock? _clock;

    /// <param name="compute">The type that convolutions run in when it is not float32.</param>
    /// <param name="threads">For the network's passes, on the CPU.</param>
    public TcnModel(TcnSettings settings, long seed, Device device, ScalarType? compute, int threads, StepClock? clock = null)
    {
        (_settings, _clock) = (settings, clock);
        _network = new TcnNetwork(settings.Shape, device, compute: compute);
        _network.Set(Initialisation.Values(settings.Shape, _network.Slots, seed));
        _optimizer = new FlatOptimizer(settings.Optimizer, _network.Flat);
        _passes = device.type == DeviceType.CPU && FusedNetwork.IsSupported
            ? new FusedPasses(_network, LabelledImages.Pixels / settings.Shape.InputChannels, settings.InputDropout, settings.Dropout, seed, threads, inBFloat16: compute == ScalarType.BFloat16, clock)
            : new TorchPasses(_network, settings.InputDropout, settings.Dropout, seed, device);
    }

    public int ParameterCount => _network.Count;

    public IReadOnlyList<ParameterSlot> Slots => _network.Slots;

    public long Steps => _optimizer.Step;

    /// <summary>One step on one batch: forward, backward, clip, update. The loss goes into <paramref name="tally"/>; weights stay as they are when it is not finite.</summary>
    /// <param name="x">[batch, channels, time].</param>
    /// <param name="epoch">With <paramref name="batch"/> what dropout depends on.</param>
    public void Train(Tensor x, Tensor labels, int epoch, int batch, BatchTally tally)
    {
        var gradient = _passes.Gradient(x, labels, epoch, batch, tally);
        _clock?.In(StepPart.Optimizer);
        if (tally.IsFinite)
        {
            if (_settings.Clip > 0)
            {
                FlatOptimizer.Clip(gradient, _settings.Clip);
            }

            _optimizer.Apply(gradient, _settings.LearningRate.At(epoch));
        }
    }

    /// <summary>Makes the weights for <see cref="Evaluate"/>, good until the next step. Called under no_grad, in a scope that outlives the evaluation.</summary>
    public void BeginEvaluation() => _passes.BeginEvaluation();

    public void Evaluate(Tensor x, Tensor labels, BatchTally tally) => _passes.Evaluate(x, labels, tally);

    /// <summary>The ten classes' probabilities for each of a few images. Called under no_grad, in a scope of the caller's.</summary>
    public double[][] Predict(Tensor x)
    {
        var probabilities = nn.functional.softmax(LastStepForward.Logits(_network.Weights(), x).to_type(ScalarType.Float64), 1).contiguous().cpu();
        return [.. MemoryMarshal.Cast<byte, double>(probabilities.bytes).ToArray().Chunk(TcnShape.Classes)];
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
        _passes.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }

    private static float[] Read(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(flat.detach().cpu().bytes).ToArray();
    }
}
