using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>The script in sweeps/examples, run by Debian's Python as a worker would.</summary>
public sealed class PytorchExampleTests
{
    [Fact]
    public void Its_sweep_file_is_sound()
    {
        var result = SweepFile.Parse(RepositoryFiles.Read("sweeps", "examples", "pytorch.yaml"), "pytorch.yaml");
        Assert.Empty(result.Diagnostics);
        Assert.True(File.Exists(RepositoryFiles.PathOf(result.Definition!.Program)));
    }

    [RequiresPythonTorchFact]
    public async Task Interrupted_and_resumed_it_ends_as_if_it_had_not_been()
    {
        await using var rig = await WorkerRig.StartAsync(1, options => options with { Programs = ProgramPolicy.Any, ProgramFolder = RepositoryFiles.PathOf() });
        await RunAsync(rig, Grant(1, epochs: 3));
        await RunAsync(rig, Grant(2, epochs: 2));
        var checkpoint = rig.Head.Heard(2).OfType<AttemptEvent.Reported>().Last().Checkpoint!;
        Directory.CreateDirectory(FolderOf(rig, 3));
        File.Copy(Path.Combine(FolderOf(rig, 2), checkpoint.FileName), Path.Combine(FolderOf(rig, 3), checkpoint.FileName));
        await RunAsync(rig, Grant(3, epochs: 3) with { Resume = checkpoint });

        var (whole, resumed) = (Reports(rig, 1), Reports(rig, 3));
        Assert.Equal([1, 2, 3], whole.Select(report => report.Epoch));
        Assert.Equal(3, resumed.Single().Epoch);
        Assert.True(whole[2].SaysTheSameAs(resumed[0]), $"{whole[2].MetricsToJson()} and {resumed[0].MetricsToJson()}");
    }

    private static async Task RunAsync(WorkerRig rig, TrialGrant grant)
    {
        rig.Head.Offer([grant]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(grant.Trial.Number).Any(told => told.EndsAttempt), () => string.Join(", ", rig.Head.Heard(grant.Trial.Number)));
        Assert.IsType<AttemptEvent.Completed>(rig.Head.Heard(grant.Trial.Number).Last());
    }

    private static List<EpochReport> Reports(WorkerRig rig, int trial) => [.. rig.Head.Heard(trial).OfType<AttemptEvent.Reported>().Select(told => told.Report)];

    private static string FolderOf(WorkerRig rig, int trial) => Path.Combine(rig.Folder, "checkpoints", "rig-0000", $"{trial}");

    private static TrialGrant Grant(int trial, int epochs) => WorkerRig.Grant(trial, 1, "sweeps/examples/train.py", ("lr", ParameterValue.Of(0.01)), ("hidden", ParameterValue.Of(8L)), ("epochs", ParameterValue.Of((long)epochs))) with
    {
        Command = ImmutableArray.Create(RequiresPythonTorchFactAttribute.Python, "${program}", "${args}"),
    };
}
