using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>The scripts in sweeps/examples, run by Debian's Python as a worker would.</summary>
public sealed class PytorchExampleTests
{
    [Theory]
    [InlineData("pytorch.yaml", "sweeps/examples/train.py")]
    [InlineData("asha.yaml", "asha.py")]
    [InlineData("wandb.yaml", "wandb_train.py")]
    [InlineData("ranks.yaml", "ranks.py")]
    [InlineData("ask_tell.yaml", "ask")]
    public void Its_sweep_file_is_sound(string file, string program)
    {
        var result = SweepFile.Parse(RepositoryFiles.Read("sweeps", "examples", file), file);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(program, result.Definition!.Program);
    }

    [RequiresPythonTorchFact]
    public async Task Of_several_processes_the_first_one_reports()
    {
        await using var rig = await StartAsync();
        await RunAsync(rig, WorkerRig.Grant(1, 1, "sweeps/examples/ranks.py", ("lr", ParameterValue.Of(0.3)), ("epochs", ParameterValue.Of(2L))) with
        {
            Command = [RequiresPythonTorchFactAttribute.Python, "${program}", "${args}"],
            Metric = "val_loss",
            Metrics = ["val_loss"],
        });
        Assert.Equal([(1, 2.0), (2, 2.0)], Reports(rig, 1).Select(report => (report.Epoch, report["ranks"]!.Value)));
        Assert.True(Reports(rig, 1)[1]["val_loss"] < Reports(rig, 1)[0]["val_loss"]);
    }

    [Fact]
    public async Task The_script_for_W_and_B_has_the_values_that_it_prints()
    {
        await using var rig = await StartAsync();
        await RunAsync(rig, WorkerRig.Grant(1, 1, "sweeps/examples/wandb_train.py", ("learning_rate", ParameterValue.Of(0.05)), ("epochs", ParameterValue.Of(2L))) with
        {
            Command = [RequiresPythonTorchFactAttribute.Python, "${program}", "${args}"],
            Metric = "val/loss",
            Metrics = ["val/loss"],
        });
        Assert.Equal(
            Reports(rig, 1).Select((report, at) => FormattableString.Invariant($"epoch {at}: {report["val/loss"]:R}")),
            rig.Log().Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Equal([0, 1, 2, 3, 5, 6, 7, 8], rig.Head.Heard(1).OfType<AttemptEvent.Stepped>().Select(told => told.Step));
    }

    [RequiresPythonTorchFact]
    public async Task Interrupted_and_resumed_it_ends_as_if_it_had_not_been()
    {
        await using var rig = await StartAsync();
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

    private static Task<WorkerRig> StartAsync() =>
        WorkerRig.StartAsync(1, options => options with { Programs = ProgramPolicy.Any, ProgramFolder = RepositoryFiles.PathOf() });

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
