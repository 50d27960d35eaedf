using System.Diagnostics;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training;

/// <summary>A network and one random batch on the CPU; times single training steps on demand, so that a caller can take turns with another program.</summary>
public sealed class TrainingBench : IDisposable
{
    private readonly BenchPath _path;
    private readonly TcnSettings _settings;
    private readonly TcnModel _model;
    private readonly TcnNetwork _dense;
    private readonly FlatOptimizer _optimizer;
    private readonly StepClock? _clock;
    private readonly BatchTally _tally = new(readAtOnce: true);
    private readonly Tensor _x;
    private readonly Tensor _labels;
    private int _step;

    /// <param name="parameters">Of <c>tcn</c>; an empty set is the notebook's network with batches of 128.</param>
    /// <param name="threads">Of libtorch, for the whole process.</param>
    public TrainingBench(BenchPath path, ParameterSet parameters, int threads = 1)
        : this(path, parameters, threads, null)
    {
    }

    internal TrainingBench(BenchPath path, ParameterSet parameters, int threads, StepClock? clock)
    {
        TorchLibrary.Load();
        if (get_num_threads() != threads)
        {
            set_num_threads(threads);
        }

        (_path, _clock) = (path, clock);
        _settings = TcnSettings.From(parameters);
        _model = new TcnModel(_settings, 1111, CPU, Precision.Prepare(_settings.Precision, CPU), threads, clock);
        _dense = new TcnNetwork(_settings.Shape, CPU);
        _dense.Set(Initialisation.Values(_settings.Shape, _dense.Slots, 1111));
        _optimizer = new FlatOptimizer(_settings.Optimizer, _dense.Flat);
        var channels = _settings.Shape.InputChannels;
        _x = randn([_settings.BatchSize, channels, LabelledImages.Pixels / channels]).DetachFromDisposeScope();
        _labels = randint(0, TcnShape.Classes, [_settings.BatchSize], dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    public int ParameterCount => _model.ParameterCount;

    /// <summary>Forward, backward and update of one batch. The first two of a bench are slower: they build kernels.</summary>
    public TimeSpan Step()
    {
        var start = Stopwatch.GetTimestamp();
        using (NewDisposeScope())
        {
            if (_path == BenchPath.Decimated)
            {
                _clock?.In(StepPart.Data);
                _model.Train(_x, _labels, 1, _step++, _tally);
            }
            else
            {
                DenseStep();
            }
        }

        _clock?.In(StepPart.Data);
        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _x.Dispose();
        _labels.Dispose();
        _tally.Dispose();
        _optimizer.Dispose();
        _dense.Dispose();
        _model.Dispose();
    }

    private void DenseStep()
    {
        var logits = DenseForward.Logits(_dense.Weights(), _x, _settings.Dropout > 0 ? h => functional.dropout(h, _settings.Dropout) : null);
        functional.nll_loss(functional.log_softmax(logits, 1), _labels).backward();
        _optimizer.Apply(_dense.Flat.grad!, _settings.LearningRate.At(1));
        _dense.Flat.grad = null;
    }
}
