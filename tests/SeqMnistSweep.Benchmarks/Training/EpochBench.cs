using System.Collections.Immutable;
using System.Diagnostics;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>Whole trials of one epoch over 60,000 random images with an evaluation on 10,000, read from IDX files as a dataset is, checkpoint included.</summary>
internal sealed class EpochBench : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-epoch-");

    public EpochBench()
    {
        foreach (var (name, count) in new[] { ("train", 60_000), ("test", 10_000) })
        {
            var images = RandomImages.Of(count);
            IdxFile.Write(Path.Combine(_folder.FullName, name + "-images"), IdxKind.Images, images.Images);
            IdxFile.Write(Path.Combine(_folder.FullName, name + "-labels"), IdxKind.Labels, images.Labels);
        }
    }

    /// <summary>Runs as many trials at once.</summary>
    /// <param name="parameters">Of <c>tcn</c>; one epoch without a holdout whatever they say.</param>
    /// <param name="limit">Train and evaluate on a share of the images, for tests; 1 for all.</param>
    public IReadOnlyList<EpochTime> Run(ParameterSet parameters, int trials, double limit = 1)
    {
        var times = new EpochTime[trials];
        var threads = Enumerable.Range(0, trials).Select(i => new Thread(() => times[i] = RunOne(parameters, i, limit))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return times;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private EpochTime RunOne(ParameterSet parameters, int number, double limit)
    {
        var session = new Session();
        var start = Stopwatch.GetTimestamp();
        var result = new TcnTrainable((_, _) => Load()).Run(
            new TrialAssignment
            {
                Trial = TrialId.Parse($"bench-0000/{number + 1}"),
                Attempt = 1,
                Program = TrainableCatalog.Default.Name,
                Parameters = new ParameterSet(
                [
                    .. parameters.Where(item => item.Key is not ("epochs" or "holdout" or "train_limit" or "eval_limit")),
                    KeyValuePair.Create("epochs", ParameterValue.Of(1L)), KeyValuePair.Create("holdout", ParameterValue.Of(0L)),
                    KeyValuePair.Create("train_limit", ParameterValue.Of((long)(60_000 * limit))), KeyValuePair.Create("eval_limit", ParameterValue.Of((long)(10_000 * limit))),
                ]),
                Seed = 1111,
                Metric = "test_accuracy",
                Maximize = true,
                CheckpointFolder = Path.Combine(_folder.FullName, $"{number}"),
            },
            session);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var loading = Stopwatch.GetElapsedTime(start, session.Begun).TotalSeconds;
        return result is TrialResult.Completed
            ? new EpochTime(took, loading, 60_000 * limit / session.SamplesPerSecond, Machine.PeakMemory())
            : throw new InvalidOperationException($"the trial ended as {result}");
    }

    private Dataset Load()
    {
        IdxContent Read(string name, IdxKind kind) => IdxFile.Read(Path.Combine(_folder.FullName, name), kind);
        return new Dataset(
            "mnist",
            "random",
            IdxFile.Join(Read("train-images", IdxKind.Images), Read("train-labels", IdxKind.Labels)),
            IdxFile.Join(Read("test-images", IdxKind.Images), Read("test-labels", IdxKind.Labels)));
    }

    private sealed class Session : ITrialSession
    {
        public double SamplesPerSecond { get; private set; }

        public long Begun { get; private set; }

        public TrialRequest Requested => TrialRequest.None;

        /// <summary>Said again at the end, with the sample digits.</summary>
        public void Describe(ImmutableSortedDictionary<string, string> facts) => Begun = Begun == 0 ? Stopwatch.GetTimestamp() : Begun;

        public void Progress(TrialProgress progress)
        {
        }

        public Verdict Report(EpochReport report, CheckpointFile? checkpoint)
        {
            SamplesPerSecond = report["samples_per_second"]!.Value;
            return Verdict.Continue;
        }

        public void Wait(TimeSpan time)
        {
        }
    }
}

/// <param name="Seconds">From the start of the trial to its end: loading, training, evaluation, checkpoint and report.</param>
/// <param name="Loading">Seconds until the first batch.</param>
/// <param name="Training">Seconds in training steps.</param>
/// <param name="PeakMemory">Of the process, in bytes; null where the system does not say.</param>
internal sealed record EpochTime(double Seconds, double Loading, double Training, long? PeakMemory);
