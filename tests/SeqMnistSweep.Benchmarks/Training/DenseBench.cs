using System.Diagnostics;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;
using SeqMnistSweep.Training.Tests.Networks;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>The same step as <see cref="TrainingBench"/> with libtorch at every position, as the notebook makes it.</summary>
internal sealed class DenseBench : IDisposable
{
    private readonly TcnSettings _settings;
    private readonly TcnNetwork _network;
    private readonly TorchOptimizer _optimizer;
    private readonly Tensor _x;
    private readonly Tensor _labels;

    /// <param name="threads">Of libtorch, for the whole process.</param>
    public DenseBench(ParameterSet parameters, int threads)
    {
        TorchLibrary.Load();
        if (get_num_threads() != threads)
        {
            set_num_threads(threads);
        }

        _settings = TcnSettings.From(parameters);
        _network = new TcnNetwork(_settings.Shape, CPU);
        _network.Set(Initialisation.Values(_settings.Shape, _network.Slots, 1111));
        _optimizer = new TorchOptimizer(_settings.Optimizer, _network.Flat);
        var channels = _settings.Shape.InputChannels;
        _x = randn([_settings.BatchSize, channels, LabelledImages.Pixels / channels]).DetachFromDisposeScope();
        _labels = randint(0, TcnShape.Classes, [_settings.BatchSize], dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    public TimeSpan Step()
    {
        var start = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var logits = DenseForward.Logits(_network.Weights(), _x, _settings.Dropout > 0 ? h => functional.dropout(h, _settings.Dropout) : null);
        functional.nll_loss(functional.log_softmax(logits, 1), _labels).backward();
        _optimizer.Apply(_network.Flat.grad!, _settings.LearningRate.At(1, 0));
        _network.Flat.grad = null;
        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _x.Dispose();
        _labels.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }
}
