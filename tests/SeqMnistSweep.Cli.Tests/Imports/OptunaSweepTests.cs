using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Imports;

/// <summary>A study of Optuna's becomes a sweep with the same trials, goes back, and goes on there.</summary>
public sealed class OptunaSweepTests : IDisposable
{
    /// <summary>argv: storage, whether to make it. Prints the study's trials as Optuna sees them, after five more where it was there.</summary>
    private const string Study = """
        import json, sys, warnings
        warnings.filterwarnings("ignore")
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        from optuna.storages import JournalStorage, JournalFileStorage
        place, verb = sys.argv[1].split("\n")
        storage = place if place.startswith("sqlite:") else JournalStorage(JournalFileStorage(place))
        options = dict(storage=storage, sampler=optuna.samplers.TPESampler(seed=3), pruner=optuna.pruners.MedianPruner(n_startup_trials=3))

        def objective(trial):
            lr = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
            drop = trial.suggest_float("drop", 0.0, 0.5, step=0.1)
            width = trial.suggest_int("width", 8, 512, log=True)
            depth = trial.suggest_int("depth", 1, 9, step=2)
            batch = trial.suggest_int("batch", 1, 64)
            kind = trial.suggest_categorical("kind", ["sgd", "adam", None, True, 3])
            momentum = trial.suggest_float("momentum", 0, 1) if kind == "sgd" else 0
            if trial.number == 4:
                raise ValueError("boom")
            if trial.number == 6:
                return float("nan")
            for step in range(6):
                value = (lr * 100 - 1) ** 2 + drop + abs(width - 64) / 64 + depth / 9 + batch / 64 + momentum + 1 / (step + 1)
                trial.report(value, step)
                if trial.should_prune():
                    raise optuna.TrialPruned()
            return value

        if verb == "make":
            study = optuna.create_study(study_name="demo", direction="minimize", **options)
            study.optimize(objective, n_trials=40, catch=(ValueError,))
            study.ask()
        else:
            study = optuna.load_study(study_name=None, **options)
        if verb == "continue":
            study.optimize(objective, n_trials=5)
        best = study.best_trial
        print(json.dumps({"best": [best.number, best.value, best.params], "trials": [
            {"state": t.state.name, "value": t.value, "params": t.params, "curve": t.intermediate_values} for t in study.trials]}))
        """;

    private static readonly Dictionary<string, string> States = new()
    {
        ["COMPLETE"] = "completed", ["PRUNED"] = "pruned", ["FAIL"] = "failed", ["RUNNING"] = "cancelled",
    };

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [NeedsOptunaTheory]
    [InlineData("study.journal", "")]
    [InlineData("study.db", "sqlite:///")]
    public async Task A_study_is_imported_with_its_best_trial_and_its_curves_and_goes_on_after_an_export(string file, string scheme)
    {
        var theirs = Run(scheme + Path.Combine(_place.Folder, file), "make");
        var import = await _place.RunAsync("import", file, "--as", "sweep", "--metric", "val_loss", "--db", _place.Database);
        Assert.True(import.ExitCode == 0, import.Error);
        var id = import.Out.Trim();

        var best = theirs["best"]!;
        var leader = (await RowsAsync($"select number, value, params from leaderboard join trials t using (sweep, trial, value, params) where sweep = '{id}' limit 1"))[0];
        Assert.Equal(((int)best[0]! + 1, (double)best[1]!), ((int)leader["number"]!, (double)leader["value"]!));
        AssertSame(best[2]!, JsonNode.Parse((string)leader["params"]!)!);
        await AssertTrialsAsync(id, theirs["trials"]!.AsArray());
        await AssertSpaceAsync(id);

        // Back to Optuna, where it goes on with the objective that made it.
        Assert.Equal(0, (await _place.RunAsync("export", id, "--format", "optuna", "--to", "back.journal", "--db", _place.Database)).ExitCode);
        var back = Run(Path.Combine(_place.Folder, "back.journal"), "continue");
        Assert.Equal(46, back["trials"]!.AsArray().Count);
        foreach (var (their, our) in theirs["trials"]!.AsArray().Zip(back["trials"]!.AsArray()))
        {
            Assert.Equal((string)their!["state"]! == "RUNNING" ? "FAIL" : (string)their["state"]!, (string)our!["state"]!);
            AssertSame(their["params"]!, our["params"]!);
            Assert.Equal(their["curve"]!.AsObject().Select(point => (double)point.Value!), our["curve"]!.AsObject().Select(point => (double)point.Value!));
        }
    }

    /// <summary>Of a sweep that was searched here: every kind of distribution.</summary>
    [NeedsOptunaFact]
    public async Task A_sweep_of_every_distribution_goes_on_in_Optuna()
    {
        File.WriteAllText(Path.Combine(_place.Folder, "space.yaml"), """
            name: space
            program: noop
            method: random
            run_cap: 12
            metric: {name: value, goal: minimize}
            parameters:
              epochs: {value: 2}
              lr: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1}
              drop: {distribution: q_uniform, min: 0.0, max: 0.5, q: 0.1}
              width: {distribution: q_log_uniform_values, min: 8, max: 512, q: 1}
              depth: {distribution: q_uniform, min: 1, max: 9, q: 2}
              batch: {min: 1, max: 64}
              kind: {values: [sgd, adam, null, true, 3]}
              momentum: {min: 0.0, max: 1.0, when: {kind: sgd}}
            """);
        var run = await _place.RunAsync("run", "space.yaml", "--db", _place.Database);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(0, (await _place.RunAsync("export", "--format", "optuna", "--to", "space.journal", "--db", _place.Database)).ExitCode);
        var read = Run(Path.Combine(_place.Folder, "space.journal"), "continue");
        Assert.Equal(17, read["trials"]!.AsArray().Count);
        var row = (await RowsAsync("select value from leaderboard limit 1"))[0];
        Assert.Equal((double)row["value"]!, read["trials"]!.AsArray().Take(12).Min(trial => (double)trial!["value"]!));
    }

    /// <summary>A search here begins with the completed trials, and with the pruned ones behind them, in the space that the study had.</summary>
    [NeedsOptunaFact]
    public async Task A_study_gives_a_search_here_its_space_and_its_results()
    {
        var theirs = Run(Path.Combine(_place.Folder, "study.journal"), "make")["trials"]!.AsArray();
        var space = await _place.RunAsync("import", "study.journal", "--as", "space", "--metric", "val_loss");
        Assert.True(space.ExitCode == 0, space.Error);
        File.WriteAllText(Path.Combine(_place.Folder, "sweep.yaml"), space.Out);
        Assert.Equal(0, (await _place.RunAsync("validate", "sweep.yaml")).ExitCode);
        var definition = SweepFiles.SweepFile.Parse(space.Out, "sweep.yaml").Definition!;
        var study = Cli.Imports.ForeignFile.OfText("study.journal", File.ReadAllText(Path.Combine(_place.Folder, "study.journal")), null);
        var (results, leftOut) = Cli.Imports.ForeignResults.Read(study, "val_loss", null, definition);
        Assert.Equal(theirs.Count(trial => (string)trial!["state"]! == "COMPLETE"), results.Trials.Count(trial => trial.PrunedAfter is null));
        Assert.Equal(theirs.Count(trial => (string)trial!["state"]! == "PRUNED"), results.Trials.Count(trial => trial.PrunedAfter is > 0));
        Assert.Contains("of the pruned ones", leftOut, StringComparison.Ordinal);
    }

    private async Task AssertTrialsAsync(string id, JsonArray theirs)
    {
        var ours = await RowsAsync($"""
            select state, value, params, (select json_group_object(epoch - 1, metrics ->> '$.val_loss') from reports r where r.trial = t.trial) as curve
            from trials t where sweep = '{id}' order by number
            """);
        Assert.Equal(theirs.Count, ours.Count);
        foreach (var (their, our) in theirs.Zip(ours))
        {
            Assert.Equal(States[(string)their!["state"]!], (string)our["state"]!);
            AssertSame(their["params"]!, JsonNode.Parse((string)our["params"]!)!);
            if ((string)their["state"]! == "COMPLETE")
            {
                Assert.Equal((double)their["value"]!, (double)our["value"]!);
            }

            Assert.Equal(
                their["curve"]!.AsObject().OrderBy(point => point.Key).Select(point => (point.Key, (double)point.Value!)),
                JsonNode.Parse((string)our["curve"]!)!.AsObject().OrderBy(point => point.Key).Select(point => (point.Key, (double)point.Value!)));
        }
    }

    /// <summary>As the study declares it, whatever the values that were drawn.</summary>
    private async Task AssertSpaceAsync(string id)
    {
        var spec = (string)(await RowsAsync($"select spec from sweeps where sweep = '{id}'"))[0]["spec"]!;
        foreach (var line in (string[])[
            "goal: minimize", "\"lr\": {min: 1E-05, max: 0.1, distribution: log_uniform_values}", "\"drop\": {values: [0.0,0.1,0.2,0.3,0.4,0.5]}",
            "\"width\": {min: 8, max: 512, distribution: q_log_uniform_values, q: 1}", "\"depth\": {values: [1,3,5,7,9]}",
            "\"batch\": {min: 1, max: 64, distribution: int_uniform}", "\"kind\": {values: [\"sgd\",\"adam\",null,true,3]}", "\"momentum\": {min: 0.0, max: 1.0, distribution: uniform}"])
        {
            Assert.Contains(line, spec, StringComparison.Ordinal);
        }
    }

    /// <summary>Integers and reals alike, in any order.</summary>
    private static void AssertSame(JsonNode their, JsonNode our) => Assert.Equal(Values(their), Values(our));

    private static Dictionary<string, string> Values(JsonNode parameters) => parameters.AsObject().ToDictionary(
        item => item.Key, item => item.Value is JsonValue value && value.TryGetValue(out double number) ? $"{number:R}" : item.Value?.ToJsonString() ?? "null");

    private async Task<List<JsonObject>> RowsAsync(string sql)
    {
        var run = await _place.RunAsync("query", sql, "--db", _place.Database, "-o", "json");
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. JsonNode.Parse(run.Out)!.AsArray().Select(row => row!.AsObject())];
    }

    private static JsonNode Run(string place, string verb) => JsonNode.Parse(Python.Run(Study, $"{place}\n{verb}"))!;
}
