using System.Diagnostics;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>Where the time of a training step goes, on one thread: the parts of a step, called and timed one after the other.</summary>
internal sealed class StepProfile : IDisposable
{
    private const int WarmUp = 3;
    private const long Seed = 1111;

    private readonly PartTimes _times = new();
    private readonly TcnSettings _settings;
    private readonly FusedNetwork _network;
    private readonly HostOptimizer _optimizer;
    private readonly AlignedMemory _weights;
    private readonly AlignedMemory _gradient;
    private readonly AlignedMemory _x;
    private readonly byte[] _labels;
    private readonly ImageBatch _batch;

    private StepProfile(ParameterSet parameters, KernelWidth? width)
    {
        _settings = TcnSettings.From(parameters);
        var kernels = new TimedKernels(width is null ? LaneKernels.Widest : LaneKernels.For(width), _times);
        var slots = ParameterSlot.All(_settings.Shape);
        var initial = Initialisation.Values(_settings.Shape, slots, Seed);
        var length = LabelledImages.Pixels / _settings.Shape.InputChannels;
        _network = new FusedNetwork(kernels, _settings.Shape, slots, length, threads: 1, inBFloat16: _settings.Precision == "bf16");
        _optimizer = new HostOptimizer(_settings.Optimizer, initial.Length);
        _weights = new AlignedMemory(initial.Length);
        _gradient = new AlignedMemory(initial.Length);
        initial.CopyTo(_weights.Span);
        _x = new AlignedMemory(_settings.BatchSize * LabelledImages.Pixels);
        _labels = new byte[_settings.BatchSize];
        _batch = new ImageBatch(new LabelledImages(RandomImages.Of(_settings.BatchSize), 0, _settings.BatchSize), 0, _settings.BatchSize);
    }

    /// <returns>Seconds a step, by part; timing them costs about a hundredth.</returns>
    public static IReadOnlyList<(string Part, double Seconds)> Measure(ParameterSet parameters, int steps, KernelWidth? width = null)
    {
        using var profile = new StepProfile(parameters, width);
        for (var step = 0; step < WarmUp + steps; step++)
        {
            if (step == WarmUp)
            {
                profile._times.Reset();
            }

            profile.Step(step);
        }

        return [.. Enum.GetValues<StepPart>().Select(part => (part.ToString().ToLowerInvariant(), profile._times.Of(part).TotalSeconds / steps))];
    }

    public void Dispose()
    {
        _network.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
        _gradient.Dispose();
        _x.Dispose();
    }

    /// <summary>What <see cref="CpuModel.Train"/> does.</summary>
    private void Step(int number)
    {
        var start = Stopwatch.GetTimestamp();
        _batch.Write(_x.Span, _labels);
        start = _times.Add(StepPart.Data, start);
        var inKernels = _times.Sum();
        _network.Load(_weights.Span, forTraining: true);
        _network.Train(_x.Span, _labels, new StepMasks(_settings.InputDropout, _settings.Dropout, (ulong)number), _gradient.Span);
        inKernels = _times.Sum() - inKernels;
        start = _times.Add(StepPart.Norm, start + (long)(inKernels.TotalSeconds * Stopwatch.Frequency));
        if (_settings.Clip > 0)
        {
            HostOptimizer.Clip(_gradient.Span, _settings.Clip);
        }

        _optimizer.Apply(_weights, _gradient, _settings.LearningRate.At(1, 0));
        _times.Add(StepPart.Optimizer, start);
    }
}
