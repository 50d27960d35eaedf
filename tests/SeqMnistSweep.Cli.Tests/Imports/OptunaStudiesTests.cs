using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Tests.Imports;

/// <summary>Studies that Optuna has written, and one that goes on there.</summary>
public sealed class OptunaStudiesTests : IDisposable
{
    private const string Studies = """
        import sys, warnings
        warnings.filterwarnings("ignore")
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        from optuna.storages import JournalStorage, JournalFileStorage
        place, kind = sys.argv[1].split("\n")
        storage = place if place.startswith("sqlite:") else JournalStorage(JournalFileStorage(place))
        several = kind == "several"
        if several:
            multi = optuna.create_study(study_name="multi", directions=["minimize", "maximize"], storage=storage)
            multi.optimize(lambda trial: (trial.suggest_float("x", 0, 1), -1000.0), n_trials=2)
        study = optuna.create_study(study_name="demo", direction="maximize", storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))
        if several:
            multi.optimize(lambda trial: (trial.suggest_float("x", 0, 1), 1000.0), n_trials=1)
        for lr, levels, optimizer, value in [(0.001, 8, "SGD", 2.0), (0.01, 7, "Adam", 3.0), (0.1, 6, "Adam", 1.0)]:
            study.enqueue_trial({"lr": lr, "levels": levels, "optimizer": optimizer})
            trial = study.ask()
            trial.suggest_float("lr", 1e-4, 1, log=True), trial.suggest_int("levels", 4, 9), trial.suggest_categorical("optimizer", ["Adam", "SGD"])
            trial.report(value / 2, 1), trial.report(float("nan"), 2), trial.report(value, 3)
            study.tell(trial, value)
        trial = study.ask()
        trial.suggest_float("lr", 1e-4, 1, log=True)
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        study.tell(study.ask(), state=optuna.trial.TrialState.FAIL)
        """;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [NeedsOptunaTheory]
    [InlineData("study.journal", "{0}")]
    [InlineData("study.db", "sqlite:///{0}")]
    public async Task The_best_of_a_study_are_the_same_from_either_storage(string file, string url)
    {
        Write(file, url, "one");
        var run = await _place.RunAsync("import", file, "--top", "2");
        Assert.Equal("enqueue:\n  - {\"lr\":0.01,\"levels\":7,\"optimizer\":\"Adam\"}\n  - {\"lr\":0.001,\"levels\":8,\"optimizer\":\"SGD\"}\n", run.Out);
        Assert.Contains("PRUNED (1), FAIL (1)", run.Error, StringComparison.Ordinal);
    }

    [NeedsOptunaTheory]
    [InlineData("study.journal", "{0}")]
    [InlineData("study.db", "sqlite:///{0}")]
    public async Task Of_several_studies_one_is_named_and_one_of_several_objectives_is_refused(string file, string url)
    {
        Write(file, url, "several");
        var unnamed = await _place.RunAsync("import", file);
        Assert.NotEqual(0, unnamed.ExitCode);
        Assert.Contains("2 studies: multi, demo", unnamed.Error, StringComparison.Ordinal);
        Assert.Contains("no study 'none'", (await _place.RunAsync("import", file, "--study", "none")).Error, StringComparison.Ordinal);
        Assert.Contains("2 objectives", (await _place.RunAsync("import", file, "--study", "multi")).Error, StringComparison.Ordinal);
        var demo = await _place.RunAsync("import", file, "--study", "demo", "--top", "1");
        Assert.Equal("enqueue:\n  - {\"lr\":0.01,\"levels\":7,\"optimizer\":\"Adam\"}\n", demo.Out);
    }

    [NeedsOptunaFact]
    public void Curves_are_read_with_their_gaps_from_either_storage()
    {
        Write("study.journal", "{0}", "one");
        Write("study.db", "sqlite:///{0}", "one");
        var journal = OptunaJournalReader.Read(File.ReadAllText(Path.Combine(_place.Folder, "study.journal"))).Single();
        var database = OptunaDatabase.Read(Path.Combine(_place.Folder, "study.db")).Single();
        foreach (var study in new[] { journal, database })
        {
            Assert.Equal(("demo", true), (study.Name, study.Directions.Single()));
            Assert.Equal(["COMPLETE", "COMPLETE", "COMPLETE", "PRUNED", "FAIL"], study.Trials.Select(trial => trial.State));
            Assert.Equal([1.5, double.NaN, 3.0], study.Trials[1].Curve.Values);
            Assert.Equal("""{"lr":0.01,"levels":7,"optimizer":"Adam"}""", new SearchSpaces.ParameterSet(study.Trials[1].Parameters).ToJson());
        }
    }

    [Fact]
    public async Task A_database_of_something_else_is_named_as_such()
    {
        await SeededResults.WriteAsync(_place.Database);
        var run = await _place.RunAsync("import", _place.Database);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("not one of Optuna", run.Error, StringComparison.Ordinal);
    }

    private void Write(string file, string url, string kind) =>
        Python.Run(Studies, string.Format(System.Globalization.CultureInfo.InvariantCulture, url, Path.Combine(_place.Folder, file)) + "\n" + kind);
}
