using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;
using SeqMnistSweep.Trials;
using TorchSharp;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>Short trials of many shapes after each other in one process, as a warm runner has them: what stays behind in memory.</summary>
internal static class TrainingSoak
{
    private static readonly string[] Shapes =
    [
        """{}""", """{"hidden":16,"optimizer":"SGD","momentum":0.9}""", """{"hidden":48,"kernel_size":5}""", """{"levels":7,"batch_size":64,"clip":1}""",
        """{"optimizer":"RMSprop","shuffle":true}""", """{"input_channels":28,"levels":3,"optimizer":"AdamW"}""", """{"permute":true,"dropout":0.2,"input_dropout":0.1}""",
        """{"hidden":25,"batch_size":200,"lr_schedule":"cosine"}""",
    ];

    /// <param name="length">How long; memory is first looked at after a tenth of it.</param>
    /// <param name="say">Told of trials and memory about once a minute.</param>
    public static SoakResult Run(TimeSpan length, Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-soak-").FullName;
        try
        {
            var trainable = new TcnTrainable((_, _) => Images());
            var start = Stopwatch.GetTimestamp();
            var said = start;
            (long Rss, long Tensors)? first = null;
            var trials = 0;
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                RunTrial(trainable, folder, trials);
                trials++;
                if (first is null && Stopwatch.GetElapsedTime(start) >= length / 10)
                {
                    first = Memory();
                }

                if (Stopwatch.GetElapsedTime(said) > TimeSpan.FromMinutes(1))
                {
                    said = Stopwatch.GetTimestamp();
                    var (rss, tensors) = Memory();
                    say(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalMinutes:0} min: {trials} trials, {rss / 1e6:0.0} MB, {tensors} tensors"));
                }
            }

            var last = Memory();
            return new SoakResult(trials, first?.Rss ?? last.Rss, last.Rss, first?.Tensors ?? last.Tensors, last.Tensors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RunTrial(TcnTrainable trainable, string folder, int number)
    {
        var checkpoints = Path.Combine(folder, $"{number}");
        var parameters = ParameterSet.FromJson(Shapes[number % Shapes.Length])
            .Aggregate(ParameterSet.FromJson("""{"epochs":2,"holdout":200,"train_limit":600}"""), (all, item) => all.With(item.Key, item.Value));
        var result = trainable.Run(
            new TrialAssignment
            {
                Trial = TrialId.Parse($"soak-0000/{number + 1}"),
                Attempt = 1,
                Program = TrainableCatalog.Default.Name,
                Parameters = parameters,
                Seed = number,
                Metric = "val_accuracy",
                Maximize = true,
                CheckpointFolder = checkpoints,
            },
            new Silent());
        Directory.Delete(checkpoints, recursive: true);
        if (result is not TrialResult.Completed)
        {
            throw new InvalidOperationException($"the trial {parameters} ended as {result}");
        }
    }

    /// <summary>Loaded anew by every trial, as after a change of datasets.</summary>
    private static Dataset Images()
    {
        return new Dataset("mnist", "random", RandomImages.Of(1_000), RandomImages.Of(200));
    }

    private static (long Rss, long Tensors) Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        return (self.WorkingSet64, torch.Tensor.TotalCount);
    }

    private sealed class Silent : ITrialSession
    {
        public TrialRequest Requested => TrialRequest.None;

        public void Describe(ImmutableSortedDictionary<string, string> facts)
        {
        }

        public void Progress(TrialProgress progress)
        {
        }

        public Verdict Report(EpochReport report, CheckpointFile? checkpoint) => Verdict.Continue;

        public void Wait(TimeSpan time)
        {
        }
    }
}

/// <summary>Bytes resident and tensors alive, early and at the end.</summary>
internal sealed record SoakResult(int Trials, long FirstBytes, long LastBytes, long FirstTensors, long LastTensors);
