using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Training;

/// <summary>On the CPU, with the kernels alone: no libtorch is loaded. The README's arithmetic contract is what it computes.</summary>
internal sealed class CpuModel : ITcnModel
{
    private readonly TcnSettings _settings;
    private readonly long _seed;
    private readonly FusedNetwork _network;
    private readonly HostOptimizer _optimizer;
    private readonly AlignedMemory _weights;
    private readonly AlignedMemory _gradient;
    private AlignedMemory _x = new(0);
    private byte[] _labels = [];

    /// <param name="seed">The trial's.</param>
    public CpuModel(TcnSettings settings, long seed, int threads, LaneKernels kernels)
    {
        (_settings, _seed) = (settings, seed);
        Slots = ParameterSlot.All(settings.Shape);
        var initial = Initialisation.Values(settings.Shape, Slots, seed);
        _weights = new AlignedMemory(initial.Length);
        _gradient = new AlignedMemory(initial.Length);
        initial.CopyTo(_weights.Span);
        _optimizer = new HostOptimizer(settings.Optimizer, initial.Length);
        var length = LabelledImages.Pixels / settings.Shape.InputChannels;
        _network = new FusedNetwork(kernels, settings.Shape, Slots, length, threads, inBFloat16: settings.Precision == "bf16",
            settings.LabelSmoothing);
    }

    public IReadOnlyList<ParameterSlot> Slots { get; }

    public long Steps => _optimizer.Step;

    private AlignedMemory Evaluated => _optimizer.Average ?? _weights;

    /// <inheritdoc/>
    /// <remarks>The default network's activations stay below 32 MB.</remarks>
    public int EvaluationBatch => 250;

    public void Train(in ImageBatch batch, int epoch, int number, BatchTally tally)
    {
        Take(batch);
        _network.Load(_weights.Span, forTraining: true);
        var masks = new StepMasks(_settings.InputDropout, _settings.Dropout, RandomSeed.Derive(_seed, "dropout", epoch, number));
        var sums = _network.Train(_x.Span, _labels.AsSpan(0, batch.Count), masks, _gradient.Span);
        tally.Add(sums.Loss, sums.Correct, batch.Count);
        if (!tally.IsFinite) return;

        if (_settings.Clip > 0)
        {
            HostOptimizer.Clip(_gradient.Span, _settings.Clip);
        }

        _optimizer.Apply(_weights, _gradient, _settings.LearningRate.At(epoch, batch.Done));
    }

    public void BeginEvaluation() => _network.Load(Evaluated.Span, forTraining: false);

    public void Evaluate(in ImageBatch batch, BatchTally tally)
    {
        Take(batch);
        var sums = _network.Evaluate(_x.Span, _labels.AsSpan(0, batch.Count), []);
        tally.Add(sums.Loss, sums.Correct, batch.Count);
    }

    public void Settle()
    {
    }

    public double[][] Predict(in ImageBatch batch)
    {
        Take(batch);
        var logits = new float[batch.Count * TcnShape.Classes];
        _network.Evaluate(_x.Span, _labels.AsSpan(0, batch.Count), logits);
        return [.. logits.Chunk(TcnShape.Classes).Select(HeadKernel.Probabilities)];
    }

    public float[] ReadWeights() => _weights.Span.ToArray();

    public float[] ReadEvaluated() => Evaluated.Span.ToArray();

    public ImmutableSortedDictionary<string, float[]> ReadMoments() => _optimizer.ReadState();

    public void SetWeights(ReadOnlySpan<float> values) => values.CopyTo(_weights.Span);

    public void SetEvaluated(ReadOnlySpan<float> values) => values.CopyTo(Evaluated.Span);

    public void SetOptimizer(IReadOnlyDictionary<string, float[]> moments, long steps) => _optimizer.Set(moments, steps);

    public void Dispose()
    {
        _network.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
        _gradient.Dispose();
        _x.Dispose();
    }

    private void Take(in ImageBatch batch)
    {
        if (_labels.Length < batch.Count)
        {
            _x.Dispose();
            _x = new AlignedMemory(batch.Count * LabelledImages.Pixels);
            _labels = new byte[batch.Count];
        }

        batch.Write(_x.Span, _labels);
    }
}
