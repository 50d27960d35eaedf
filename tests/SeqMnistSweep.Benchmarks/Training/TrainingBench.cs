using System.Diagnostics;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>A network and one random batch on the CPU; times single training steps on demand, so that a caller can take turns with another program.</summary>
internal sealed class TrainingBench : IDisposable
{
    private readonly CpuModel _model;
    private readonly BatchTally _tally = new();
    private readonly ImageBatch _batch;
    private int _step;

    /// <param name="parameters">Of <c>tcn</c>; an empty set is the notebook's network with batches of 128.</param>
    /// <param name="width">Of the vectors; null takes the widest.</param>
    public TrainingBench(ParameterSet parameters, int threads = 1, KernelWidth? width = null)
    {
        var settings = TcnSettings.From(parameters);
        _model = new CpuModel(settings, 1111, threads, width is null ? LaneKernels.Widest : LaneKernels.For(width));
        _batch = new ImageBatch(new LabelledImages(RandomImages.Of(settings.BatchSize), 0, settings.BatchSize), 0, settings.BatchSize);
    }

    public int ParameterCount => ((ITcnModel)_model).ParameterCount;

    /// <summary>Forward, backward and update of one batch. The first two of a bench are slower: machine code is made.</summary>
    public TimeSpan Step()
    {
        var start = Stopwatch.GetTimestamp();
        _model.Train(_batch, 1, _step++, _tally);
        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose() => _model.Dispose();
}
