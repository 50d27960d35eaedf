using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>Programs in Python that use the modules on their path, on a worker whose head the test plays.</summary>
public sealed class PythonModulesTests
{
    private const string Loop = """
        import seqsweep
        for epoch in range(1, 6):
            seqsweep.report(epoch=epoch, value=epoch)
            if seqsweep.should_stop():
                break
        print("over")
        """;

    [Fact]
    public async Task A_program_that_asks_waits_at_its_rungs_and_hears_every_verdict()
    {
        await using var rig = await PythonRig.StartAsync();
        await StartAsync(rig, Loop, [2, 4], epochs: 2);
        rig.Head.Decide(Trial, 1, 2, Verdict.Continue);
        rig.Agent.Poke();
        await ReportedAsync(rig, 4);
        rig.Head.Decide(Trial, 1, 4, Verdict.Stop);
        rig.Agent.Poke();
        await rig.EndedAsync();
        Assert.Equal(["Started", "1: 1", "2: 2", "3: 3", "4: 4", "Stopped"], Words(rig));
        Assert.Equal(["over"], rig.Log());
    }

    [Fact]
    public async Task One_that_is_paused_leaves_by_itself_and_its_slot_is_free()
    {
        await using var rig = await PythonRig.StartAsync();
        await StartAsync(rig, Loop, [1], epochs: 1);
        rig.Head.Decide(Trial, 1, 1, Verdict.Pause);
        rig.Agent.Poke();
        await rig.EndedAsync();
        Assert.Equal(["Started", "1: 1", "Released"], Words(rig));
    }

    [Fact]
    public async Task One_that_waits_has_time_to_save_before_it_is_told_by_a_signal()
    {
        await using var rig = await PythonRig.StartAsync();
        await StartAsync(rig, Loop + "\nopen('saved', 'w').write('1')\n", [1], epochs: 1);
        rig.Head.Decide(Trial, 1, 1, Verdict.Stop);
        rig.Agent.Poke();
        await rig.EndedAsync();
        Assert.True(File.Exists(Path.Combine(rig.Folder, "saved")));
    }

    [Fact]
    public async Task A_checkpoint_is_copied_before_the_program_goes_on()
    {
        await using var rig = await PythonRig.StartAsync();
        await rig.RunAsync("""
            import seqsweep
            for epoch in range(5):
                path = seqsweep.trial().checkpoint_folder / "last.pt"
                path.write_text(f"weights of {epoch}")
                seqsweep.report(epoch=epoch, value=1, checkpoint=path)
            """);
        var taken = rig.Head.Heard(1).OfType<AttemptEvent.Reported>().ToList();
        Assert.Equal([1, 2, 3, 4, 5], taken.Select(told => told.Epoch));
        var folder = Path.Combine(rig.Folder, "checkpoints", "rig-0000", "1");
        Assert.Equal(
            Enumerable.Range(0, 5).Select(epoch => $"weights of {epoch}"),
            taken.Select(told => File.ReadAllText(Path.Combine(folder, told.Checkpoint!.FileName))));
    }

    [Fact]
    public async Task A_script_of_W_and_B_reports_as_it_is()
    {
        await using var rig = await PythonRig.StartAsync();
        await rig.RunAsync("""
            import argparse, wandb
            parser = argparse.ArgumentParser()
            parser.add_argument("--lr", type=float, default=1.0)
            parser.add_argument("--width", type=int, default=3)
            wandb.init(project="p", config=parser.parse_args())
            config = wandb.config
            for epoch in range(2):
                for batch in range(3):
                    wandb.log({"train": {"loss": batch}})
                wandb.log({"epoch": epoch, "value": config.lr * config["width"] / (epoch + 1), "image": wandb.Image(None)})
            wandb.run.summary["best"] = 7
            wandb.finish()
            """, ("lr", ParameterValue.Of(0.5)));
        Assert.Equal(["Started", "1: 1.5", "2: 0.75", "Completed"], Words(rig).Where(word => word != "Stepped"));
        Assert.Equal([0, 1, 2, 4, 5, 6], rig.Head.Heard(1).OfType<AttemptEvent.Stepped>().Select(told => told.Step));
        Assert.Equal("train.loss", rig.Head.Heard(1).OfType<AttemptEvent.Stepped>().First().Metrics.Single().Key);
        Assert.Equal("7", rig.Head.Heard(1).OfType<AttemptEvent.Described>().Last().Facts["best"]);
    }

    [Theory]
    [InlineData(WandbShim.WhereMissing, "installed")]
    [InlineData(WandbShim.Wandb, "seqsweep")]
    [InlineData(WandbShim.None, "installed")]
    public async Task A_wandb_that_is_installed_is_found_unless_the_file_wants_the_stand_in(WandbShim shim, string found)
    {
        await using var rig = await PythonRig.StartAsync();
        Directory.CreateDirectory(Path.Combine(rig.Folder, "site", "wandb"));
        await File.WriteAllTextAsync(Path.Combine(rig.Folder, "site", "wandb", "__init__.py"), "__version__ = 'installed'\n");
        rig.OfferScript("import wandb\nprint(wandb.__version__.split('+')[-1])\n", [], new ProgramSettings
        {
            Shim = shim,
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("PYTHONPATH", Path.Combine(rig.Folder, "site")),
        });
        await rig.EndedAsync();
        Assert.Equal(found, rig.Log().Single());
    }

    [Fact]
    public async Task Without_a_stand_in_import_wandb_fails_and_seqsweep_is_there()
    {
        await using var rig = await PythonRig.StartAsync();
        rig.OfferScript("import seqsweep\ntry:\n    import wandb\nexcept ImportError as error:\n    print(error)\n", [], new ProgramSettings { Shim = WandbShim.None });
        await rig.EndedAsync();
        Assert.Equal("No module named 'wandb'", rig.Log().Single());
    }

    [Fact]
    public async Task A_program_sees_what_trial_it_is()
    {
        await using var rig = await PythonRig.StartAsync();
        await rig.RunAsync("""
            import seqsweep
            trial = seqsweep.trial()
            print(trial.id, trial.metric, trial.goal, trial.rungs, trial.seed, trial.params, seqsweep.resume(), seqsweep.in_trial())
            """, ("lr", ParameterValue.Of(0.5)));
        Assert.Equal(
            ["rig-0000/1 value minimize [] 1 {'lr': 0.5} None True"],
            rig.Log());
    }

    private static TrialId Trial { get; } = new(SweepId.Parse("rig-0000"), 1);

    private static async Task StartAsync(WorkerRig rig, string script, ImmutableArray<int> rungs, int epochs)
    {
        rig.OfferScript(script, rungs);
        await ReportedAsync(rig, epochs);
    }

    private static Task ReportedAsync(WorkerRig rig, int epochs) => Until.True(
        () => rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Count() == epochs, () => string.Join(", ", rig.Head.Heard(1)));

    private static IEnumerable<string> Words(WorkerRig rig) => rig.Head.Heard(1).Where(told => told is not AttemptEvent.Described).Select(told => told is AttemptEvent.Reported(var report, _)
        ? FormattableString.Invariant($"{report.Epoch}: {report["value"]}")
        : told.GetType().Name);
}
