using System.Diagnostics;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Native;
using TorchSharp;

namespace SeqMnistSweep.Training;

/// <summary>How fast the default network trains in this process, beside others that do the same. It says <see cref="Ready"/>; then each line
/// of input is a round, which it answers with its images a second.</summary>
public static class ThroughputTest
{
    /// <summary>The first line of output: the network has made its first steps.</summary>
    public const string Ready = "ready";

    /// <summary>Steps before it is ready: memory is taken, and kernels are loaded and chosen.</summary>
    private const int WarmUp = 2;

    /// <summary>Until the input ends.</summary>
    /// <param name="device"><c>cpu</c> or <c>cuda:0</c>.</param>
    /// <param name="libtorch">As <see cref="TorchLibrary.Load"/> takes it; for a GPU only.</param>
    /// <param name="round">How long one takes.</param>
    /// <exception cref="TorchLoadException">libtorch does not load.</exception>
    public static void Run(string device, string? libtorch, TimeSpan round, TextReader input, TextWriter output)
    {
        var settings = TcnSettings.From(ParameterSet.Empty);
        using var model = Model(settings, device, libtorch);
        var images = new ImageSet(new byte[settings.BatchSize * ImageSet.Pixels], new byte[settings.BatchSize]);
        var batch = new ImageBatch(new LabelledImages(images, 0, settings.BatchSize), 0, settings.BatchSize);
        var (tally, number) = (new BatchTally(), 0);
        for (; number < WarmUp; number++)
        {
            model.Train(batch, 1, number, tally);
        }

        model.Settle();
        Say(Ready);
        while (input.ReadLine() is not null)
        {
            var (start, first) = (Stopwatch.GetTimestamp(), number);
            do
            {
                model.Train(batch, 1, number++, tally);
            }
            while (Stopwatch.GetElapsedTime(start) < round);

            model.Settle();
            var rate = (number - first) * settings.BatchSize / Stopwatch.GetElapsedTime(start).TotalSeconds;
            Say(rate.ToString("0.0", CultureInfo.InvariantCulture));
        }

        void Say(string line)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private static ITcnModel Model(TcnSettings settings, string device, string? libtorch)
    {
        if (device == "cpu") return new CpuModel(settings, 1, 1, LaneKernels.Widest);

        TorchLibrary.Load(libtorch);
        return new TorchModel(settings, 1, torch.device(device), threads: 1);
    }
}
