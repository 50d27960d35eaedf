using System.Diagnostics;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Native;
using TorchSharp;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>The passes for GPUs: a network and one random batch on a device of libtorch.</summary>
internal sealed class TorchBench : IDisposable
{
    /// <summary>A GPU works behind the program, which waits for it when it reads the sums: as often as a trial does.</summary>
    private const int Group = UnreadBatches.Together;

    private readonly TorchModel _model;
    private readonly BatchTally _tally = new();
    private readonly ImageBatch _batch;
    private int _step;

    /// <param name="parameters">Of <c>tcn</c>; an empty set is the notebook's network with batches of 128.</param>
    /// <param name="device"><c>cuda:N</c>, or <c>cpu</c> for libtorch's CPU.</param>
    public TorchBench(ParameterSet parameters, string device, int threads = 1)
    {
        TorchLibrary.Load();
        var settings = TcnSettings.From(parameters);
        _model = new TorchModel(settings, 1111, torch.device(device), threads);
        _batch = new ImageBatch(new LabelledImages(RandomImages.Of(settings.BatchSize), 0, settings.BatchSize), 0, settings.BatchSize);
    }

    /// <summary>Why there is no such GPU for these passes, in one line; null where there is.</summary>
    /// <param name="number">N of <c>cuda:N</c>.</param>
    public static string? Problem(int number)
    {
        if (CudaDriver.Problem(number + 1) is { } problem) return problem;

        TorchLibrary.Load();
        return TorchLibrary.HasCuda && torch.cuda.is_available() ? null : $"this libtorch ({TorchLibrary.Folder}) finds no CUDA device";
    }

    /// <summary>The mean of a group of steps: forward, backward and update of one batch each, until the device has done them. The first
    /// group of a bench is slower.</summary>
    public TimeSpan Step()
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Group; i++)
        {
            _model.Train(_batch, 1, _step++, _tally);
        }

        _model.Settle();
        return Stopwatch.GetElapsedTime(start) / Group;
    }

    public void Dispose() => _model.Dispose();
}
