using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Training.Optimization;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>With libtorch's operators and its autograd: for CUDA devices. A scope per step owns the step's tensors.</summary>
internal sealed class TorchModel : ITcnModel
{
    /// <summary>Batches whose numbers are read together, because each reading waits for the device.</summary>
    private const int ReadTogether = 16;

    private readonly TcnSettings _settings;
    private readonly Device _device;
    private readonly TcnNetwork _network;
    private readonly TorchOptimizer _optimizer;
    private readonly TorchPasses _passes;
    private readonly Dictionary<LabelledImages, TorchImages> _images = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Tensor Numbers, int Images, BatchTally Tally)> _unread = [];

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
        _passes = new TorchPasses(_network, settings.InputDropout, settings.Dropout, seed, device);
    }

    public IReadOnlyList<ParameterSlot> Slots => _network.Slots;

    public long Steps => _optimizer.Step;

    public void Train(in ImageBatch batch, int epoch, int number, BatchTally tally)
    {
        using var scope = NewDisposeScope();
        var (x, labels) = Take(batch);
        var (gradient, numbers) = _passes.Gradient(x, labels, epoch, number);
        Add(numbers, batch.Count, tally);
        if (!tally.IsFinite) return;

        if (_settings.Clip > 0)
        {
            TorchOptimizer.Clip(gradient, _settings.Clip);
        }

        _optimizer.Apply(gradient, _settings.LearningRate.At(epoch));
    }

    public void BeginEvaluation() => _passes.BeginEvaluation();

    public void Evaluate(in ImageBatch batch, BatchTally tally)
    {
        using var scope = NewDisposeScope();
        var (x, labels) = Take(batch);
        Add(_passes.Evaluate(x, labels), batch.Count, tally);
    }

    public void Settle()
    {
        foreach (var (numbers, images, tally) in _unread)
        {
            using var onHost = numbers.cpu();
            var values = MemoryMarshal.Cast<byte, double>(onHost.bytes);
            tally.Add(values[0] * images, (long)values[1], images);
            numbers.Dispose();
        }

        _unread.Clear();
    }

    public double[][] Predict(in ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var (x, _) = Take(batch);
        var probabilities = _passes.Probabilities(x).cpu();
        return [.. MemoryMarshal.Cast<byte, double>(probabilities.bytes).ToArray().Chunk(TcnShape.Classes)];
    }

    public float[] ReadWeights() => Read(_network.Flat);

    public ImmutableSortedDictionary<string, float[]> ReadMoments() =>
        _optimizer.Moments.ToImmutableSortedDictionary(moment => moment.Name, moment => Read(moment.Value), StringComparer.Ordinal);

    public void SetWeights(ReadOnlySpan<float> values) => _network.Set(values.ToArray());

    public void SetOptimizer(IReadOnlyDictionary<string, float[]> moments, long steps)
    {
        using var scope = NewDisposeScope();
        foreach (var moment in _optimizer.Moments)
        {
            moment.Value.copy_(tensor(moments[moment.Name]));
        }

        _optimizer.SetStep(steps);
    }

    public void Dispose()
    {
        IEnumerable<IDisposable> unread = _unread.Select(batch => batch.Numbers);
        foreach (var part in (IEnumerable<IDisposable>)[.. unread, .. _images.Values, _passes, _optimizer, _network])
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

    /// <param name="numbers">[2], float64: mean loss and hits. Becomes this object's.</param>
    private void Add(Tensor numbers, int images, BatchTally tally)
    {
        _unread.Add((numbers.DetachFromDisposeScope(), images, tally));
        if (_unread.Count == ReadTogether)
        {
            Settle();
        }
    }
}
