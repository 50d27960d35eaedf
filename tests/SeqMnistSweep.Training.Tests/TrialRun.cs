using SeqMnistSweep.Datasets;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests;

/// <summary>Runs small trials in a folder of their own.</summary>
internal sealed class TrialRun : IDisposable
{
    private const string Small = """{"levels":3,"hidden":4,"input_channels":28,"batch_size":16,"epochs":3,"holdout":40,"lr":0.01,"dropout":0.1,"shuffle":true}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trial-");

    public Dataset Dataset { get; init; } = SyntheticImages.Create();

    public string Folder => _folder.FullName;

    public TrialAssignment Assignment(string overrides = "{}") => new()
    {
        Trial = TrialId.Parse("test-0000/1"),
        Attempt = 1,
        Program = "tcn",
        Parameters = ParameterSet.FromJson(overrides).Aggregate(ParameterSet.FromJson(Small), (all, item) => all.With(item.Key, item.Value)),
        Seed = 1111,
        Metric = "val_accuracy",
        Maximize = true,
        CheckpointFolder = Folder,
    };

    public TrialResult Run(TrialAssignment assignment, ITrialSession session, TimeProvider? time = null, KernelWidth? width = null) =>
        new TcnTrainable((_, _) => Dataset, time, width).Run(assignment, session);

    /// <summary>Runs to the end and gives what it said.</summary>
    public (TrialResult Result, ScriptedSession Session) Complete(TrialAssignment assignment, KernelWidth? width = null)
    {
        var session = new ScriptedSession();
        var result = Run(assignment, session, width: width);
        Assert.IsType<TrialResult.Completed>(result);
        return (result, session);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
