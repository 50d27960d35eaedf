using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Training.Optimization;
using SeqMnistSweep.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>With libtorch's operators and its autograd: for CUDA devices. A scope per step owns the step's tensors.</summary>
internal sealed class TorchModel : ITcnModel
{
    private readonly TcnSettings _settings;
    private readonly Device _device;
    private readonly TcnNetwork _network;
    private readonly TorchOptimizer _optimizer;
    private readonly TorchPasses _passes;
    private readonly Dictionary<LabelledImages, TorchImages> _images = new(ReferenceEqualityComparer.Instance);
    private readonly UnreadBatches _unread = new(numbers =>
    {
        using var onHost = numbers.cpu();
        return MemoryMarshal.Cast<byte, double>(onHost.bytes).ToArray();
    });

    /// <param name="seed">The trial's.</param>
    public TorchModel(TcnSettings settings, long seed, Device device, int threads)
    {
        TorchLibrary.Load();
        if (get_num_threads() != threads)
        {
            set_num_threads(threads);
        }

        (_settings, _device) = (settings, device);
        _network = new TcnNetwork(settings.Shape, device, compute: Precision.Prepare(settings.Precision, device));
        _network.Set(Initialisation.Values(settings.Shape, _network.Slots, seed));
        _optimizer = new TorchOptimizer(settings.Optimizer, _network.Flat);
        _passes = new TorchPasses(_network, settings.InputDropout, settings.Dropout, seed, device, settings.LabelSmoothing);
    }

    public IReadOnlyList<ParameterSlot> Slots => _network.Slots;

    public long Steps => _optimizer.Step;

    private Tensor Evaluated => _optimizer.Average ?? _network.Flat;

    public int EvaluationBatch => EvaluationBatchOn(_device.type);

    /// <summary>A GPU computes a small batch no sooner than a large one; of the default network this takes 280 MB there.</summary>
    public static int EvaluationBatchOn(DeviceType device) => device == DeviceType.CUDA ? 1_000 : 250;

    public void Train(in ImageBatch batch, int epoch, int number, BatchTally tally)
    {
        using var scope = NewDisposeScope();
        var (x, labels) = Take(batch);
        var (gradient, numbers) = _passes.Gradient(x, labels, epoch, number);
        _unread.Add(numbers, batch.Count, tally);
        if (!tally.IsFinite) return;

        if (_settings.Clip > 0)
        {
            TorchOptimizer.Clip(gradient, _settings.Clip);
        }

        _optimizer.Apply(gradient, _settings.LearningRate.At(epoch, batch.Done));
    }

    public void BeginEvaluation() => _passes.BeginEvaluation(Evaluated);

    public void Evaluate(in ImageBatch batch, BatchTally tally)
    {
        using var scope = NewDisposeScope();
        var (x, labels) = Take(batch);
        _unread.Add(_passes.Evaluate(x, labels), batch.Count, tally);
    }

    public void Settle() => _unread.Settle();

    public double[][] Predict(in ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var (x, _) = Take(batch);
        var probabilities = _passes.Probabilities(x).cpu();
        return [.. MemoryMarshal.Cast<byte, double>(probabilities.bytes).ToArray().Chunk(TcnShape.Classes)];
    }

    public float[] ReadWeights() => Read(_network.Flat);

    public float[] ReadEvaluated() => Read(Evaluated);

    public ImmutableSortedDictionary<string, float[]> ReadMoments() =>
        _optimizer.State.ToImmutableSortedDictionary(moment => moment.Name, moment => Read(moment.Value), StringComparer.Ordinal);

    public void SetWeights(ReadOnlySpan<float> values) => _network.Set(values.ToArray());

    public void SetEvaluated(ReadOnlySpan<float> values)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Evaluated.copy_(tensor(values.ToArray()));
    }

    public void SetOptimizer(IReadOnlyDictionary<string, float[]> moments, long steps)
    {
        using var scope = NewDisposeScope();
        foreach (var moment in _optimizer.State)
        {
            moment.Value.copy_(tensor(moments[moment.Name]));
        }

        _optimizer.SetStep(steps);
    }

    public void Dispose()
    {
        foreach (var part in (IEnumerable<IDisposable>)[_unread, .. _images.Values, _passes, _optimizer, _network])
        {
            part.Dispose();
        }
    }

    private static float[] Read(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(flat.detach().cpu().bytes).ToArray();
    }

    private (Tensor X, Tensor Labels) Take(in ImageBatch batch)
    {
        if (!_images.TryGetValue(batch.Images, out var images))
        {
            _images.Add(batch.Images, images = new TorchImages(batch.Images, _device));
        }

        return images.Batch(batch, _settings.Shape.InputChannels);
    }
}
