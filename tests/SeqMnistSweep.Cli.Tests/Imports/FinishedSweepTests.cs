using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Imports;

/// <summary>Runs of other tools as a sweep that has ended: states, values, curves and space, by the columns that each tool writes.</summary>
public sealed class FinishedSweepTests : IDisposable
{
    private const string WandbTable = """
        "Name","State","Notes","User","Tags","Created","Runtime","Sweep","lr","model.depth","optimizer","lr","_step","_timestamp","epoch","train/loss","val_loss","best_val_acc"
        "calm-sweep-1","finished","-","ada","","2026-01-01T10:00:00.000Z","12","s1","0.1","2","sgd","0.05","9","1767261600","3","0.7","0.5","0.9"
        "dark-sweep-2","crashed","-","ada","","2026-01-01T10:00:00.000Z","12","s1","0.01","3","adam","0.05","9","1767261600","1","0.7","0.1","0.9"
        "dark-sweep-3","killed","-","ada","","2026-01-01T10:00:00.000Z","12","s1","0.001","4","adam","0.05","9","1767261600","1","0.7","0.1","0.9"
        "dark-sweep-4","finished","-","ada","","2026-01-01T10:00:00.000Z","12","s1","0.002","5","adam","0.05","9","1767261600","1","NaN","NaN","0.9"
        "dark-sweep-5","finished","-","ada","","2026-01-01T10:00:00.000Z","12","s1","0.003","6","adam","","","","","","",""
        "calm-sweep-6","finished","-","ada","","2026-01-01T10:00:00.000Z","12","s1","0.2","2","sgd","0.05","9","1767261600","3","0.7","0.4","0.9"
        """;

    private const string WandbChart = """
        "Step","calm-sweep-1 - _step","calm-sweep-1 - val_loss","calm-sweep-1 - val_loss__MIN","calm-sweep-1 - val_loss__MAX","calm-sweep-6 - val_loss","calm-sweep-6 - val_loss__MIN","calm-sweep-6 - val_loss__MAX"
        "0","0","0.9","0.9","0.9","0.8","0.8","0.8"
        "1","1","0.5","0.5","0.5","","",""
        "2","2","","","","0.4","0.4","0.4"
        """;

    /// <summary>What W&amp;B's documentation tells to write of <c>api.runs()</c>.</summary>
    private const string WandbFrame = """
        ,summary,config,name
        0,"{'_step': 9, '_wandb': {'runtime': 3}, 'val_loss': 0.5, 'note': ""it's"", 'done': True}","{'lr': 0.1, 'optimizer': 'sgd', 'model': {'depth': 2}, 'clip': None, 'betas': (0.9, 0.99)}",calm-sweep-1
        1,"{'val_loss': nan}","{'lr': 1e-3, 'optimizer': 'adam', 'model': {'depth': 3}}",dark-sweep-2
        """;

    private const string WandbHistory = """
        [{"name":"calm-sweep-1","state":"finished","created_at":"2026-01-01T10:00:00Z","config":{"lr":{"desc":null,"value":0.1},"_wandb":{"value":{"cli":"0.1"}}},"summary":{"val_loss":0.5,"test_acc":0.9,"_step":5},
          "history":[{"_step":0,"train_loss":1.0},{"_step":1,"train_loss":0.9},{"_step":2,"epoch":0,"val_loss":0.6},{"_step":3,"train_loss":0.8},{"_step":4,"epoch":1,"val_loss":0.5},{"_step":4,"epoch":1,"val_acc":0.7},{"_step":5,"train_loss":NaN}]},
         {"name":"dark-sweep-2","state":"failed","config":{"lr":0.2},"summary":{},"history":[{"_step":0,"epoch":0,"val_loss":NaN}]}]
        """;

    private const string RayFrame = """
        loss,time_this_iter_s,done,training_iteration,trial_id,date,timestamp,time_total_s,pid,hostname,node_ip,config/lr,config/opt/name,logdir
        0.5,0.1,True,10,abc_00000,2026-01-01_10-00-00,1767261600,60.0,1,host,10.0.0.1,0.1,sgd,/tmp/a
        0.1,0.1,False,3,abc_00001,2026-01-01_10-00-00,1767261600,1.0,1,host,10.0.0.1,0.2,adam,/tmp/b
        """;

    private const string RayResults = """
        {"loss": 0.9, "done": false, "training_iteration": 1, "trial_id": "abc_00000", "timestamp": 1767261540, "time_total_s": 1.0, "pid": 7, "config": {"lr": 0.1, "opt": {"name": "sgd"}}}
        {"loss": NaN, "done": false, "training_iteration": 2, "trial_id": "abc_00000", "timestamp": 1767261570, "time_total_s": 2.0, "pid": 7, "config": {"lr": 0.1, "opt": {"name": "sgd"}}}
        {"loss": 0.5, "done": true, "training_iteration": 3, "trial_id": "abc_00000", "timestamp": 1767261600, "time_total_s": 3.0, "pid": 7, "config": {"lr": 0.1, "opt": {"name": "sgd"}}}
        """;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(WandbTable, "val_loss", "completed 0.5@1 lr=0.1 model.depth=2 optimizer=sgd | 1:best_val_acc=0.9 epoch=3 lr=- train/loss=0.7 val_loss=0.5")]
    [InlineData(WandbFrame, "val_loss", "completed 0.5@1 lr=0.1 optimizer=sgd model.depth=2 clip=null betas=[0.9,0.99] | 1:val_loss=0.5")]
    [InlineData(RayFrame, "loss", "completed 0.5@10 lr=0.1 opt.name=sgd | 10:loss=0.5")]
    [InlineData(RayResults, "loss", "completed 0.5@3 lr=0.1 opt.name=sgd | 1:loss=0.9 2:loss=NaN 3:loss=0.5")]
    [InlineData(WandbHistory, "val_loss", "completed 0.5@2 lr=0.1 | 1:epoch=0 val_loss=0.6 2:epoch=1 test_acc=0.9 val_acc=0.7 val_loss=0.5")]
    public void A_run_has_its_parameters_its_value_and_its_curve(string text, string metric, string wanted) =>
        Assert.Equal(wanted.Replace(" lr=-", "", StringComparison.Ordinal), Said(Trials(text, metric)[0]));

    [Theory]
    [InlineData(WandbTable, "val_loss", "completed, failed crashed, cancelled, failed diverged, failed no_metric, completed")]
    [InlineData(WandbFrame, "val_loss", "completed, failed diverged")]
    [InlineData(WandbHistory, "val_loss", "completed, failed crashed")]
    [InlineData(RayFrame, "loss", "completed, cancelled")]
    public void Only_a_run_that_finished_with_a_finite_value_is_completed(string text, string metric, string wanted) =>
        Assert.Equal(wanted, string.Join(", ", Trials(text, metric).Select(trial => $"{trial.State} {trial.Cause}".Trim().ToLowerInvariant()
            .Replace("nometric", "no_metric", StringComparison.Ordinal))));

    [Fact]
    public void What_lacks_the_metric_is_a_step() =>
        Assert.Equal([0, 1, 3, 5], Trials(WandbHistory, "val_loss")[0].Steps.Select(step => step.Step));

    [Fact]
    public void Times_are_those_of_the_tool()
    {
        var ray = Trials(RayFrame, "loss")[0];
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1767261540), DateTimeOffset.FromUnixTimeSeconds(1767261600)), (ray.Started, ray.Finished));
        var wandb = Trials(WandbTable, "val_loss")[0];
        Assert.Equal((new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(12)), (wandb.Started, wandb.Finished - wandb.Started));
    }

    /// <summary>A best row of Ray's is never 'done'; the trial may well be.</summary>
    [Fact]
    public void Where_no_row_is_done_all_are_results() =>
        Assert.All(Trials(RayFrame.Replace("True", "False", StringComparison.Ordinal), "loss"), trial => Assert.Equal(TrialState.Completed, trial.State));

    [Fact]
    public async Task A_chart_of_wandb_is_the_curve_of_its_runs()
    {
        Write("runs.csv", WandbTable);
        Write("chart.csv", WandbChart);
        var id = await ImportAsync("runs.csv", "--metric", "val_loss", "--goal", "minimize", "--curves", "chart.csv");
        Assert.Equal("1,1,0.9 1,2,0.5 6,1,0.8 6,3,0.4", (await QueryAsync($"select group_concat(number || ',' || epoch || ',' || val_loss, ' ') from reports where sweep = '{id}' and number in (1, 6)")));
        Assert.Equal($"{id}/6", await QueryAsync($"select trial from leaderboard where sweep = '{id}' limit 1"));
        var shown = await _place.RunAsync("show", $"{id}/6", "--db", _place.Database);
        Assert.True(shown.ExitCode == 0, shown.Error);
        Assert.Contains("calm-sweep-6", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_of_Ray_is_its_folder()
    {
        Write("ray/t1/result.json", RayResults);
        Write("ray/t1/params.json", """{"lr": 0.1}""");
        Write("ray/t2/progress.csv", "loss,training_iteration,trial_id\n0.7,1,abc_00001\n0.6,2,abc_00001\n");
        Write("ray/t2/params.json", "{\n  \"lr\": 0.2,\n  \"opt\": {\"name\": \"adam\"}\n}");
        Write("ray/t2/error.txt", "boom");
        Write("ray/t3/result.json", "");
        Write("ray/t3/params.json", """{"lr": 0.3}""");
        Write("ray/t4/result.json", RayResults.Replace("abc_00000", "abc_00003", StringComparison.Ordinal).Replace("\"done\": true", "\"done\": false", StringComparison.Ordinal));
        Write("ray/experiment_state-2026.json", """{"trial_data": [["{\"trial_id\": \"abc_00003\", \"status\": \"RUNNING\"}", "{}"]]}""");
        var id = await ImportAsync("ray", "--metric", "loss", "--goal", "minimize");
        Assert.Equal("1 completed 0.1 3, 2 failed 0.2 2, 3 cancelled 0.3 0, 4 cancelled 0.1 3", await QueryAsync(
            $"select group_concat(number || ' ' || state || ' ' || (params ->> '$.lr') || ' ' || (select count(*) from reports r where r.trial = t.trial), ', ') from trials t where sweep = '{id}'"));
    }

    [Fact]
    public async Task An_export_with_its_reports_comes_back_as_a_sweep()
    {
        await SeededResults.WriteAsync(_place.Database);
        await _place.RunAsync("export", "tcn-done", "--to", "trials.csv", "--db", _place.Database);
        await _place.RunAsync("export", "tcn-done", "--what", "reports", "--to", "reports.csv", "--db", _place.Database);
        var id = await ImportAsync("trials.csv", "--curves", "reports.csv", "--goal", "maximize", "--metric", "val_accuracy");
        Assert.Equal("completed 0.98, completed 0.975, failed ", await QueryAsync(
            $"select group_concat(state || ' ' || coalesce(value, ''), ', ') from trials where sweep = '{id}'"));
        Assert.Equal("1,0.91 2,0.98", await QueryAsync($"select group_concat(epoch || ',' || val_accuracy, ' ') from reports where sweep = '{id}' and number = 1"));
    }

    /// <summary>Pandas writes JSON by columns; a journal may be read while it is written.</summary>
    [Theory]
    [InlineData("{\"config/lr\":{\"0\":0.1,\"1\":0.2},\"loss\":{\"0\":0.5,\"1\":null},\"trial_id\":{\"0\":\"a\",\"1\":\"b\"}}", "completed 0.5, failed ")]
    [InlineData("[\n  {\"lr\": 0.1,\n \"loss\": 0.5}\n]\n", "completed 0.5")]
    [InlineData("{\n \"lr\": 0.1,\n \"loss\": 0.5\n}\n", "completed 0.5")]
    [InlineData("{\"op_code\":0,\"study_name\":\"s\",\"directions\":[1]}\n{\"op_code\":4,\"study_id\":0,\"state\":1,\"value\":0.5,\"params\":{},\"distributions\":{}}\n{\"op_code\":4,\"stu", "completed 0.5")]
    public void Whatever_the_layout_of_the_text_the_runs_are_read(string text, string wanted) =>
        Assert.Equal(wanted, string.Join(", ", Trials(text, "loss").Select(trial => $"{trial.State.ToString().ToLowerInvariant()} {trial.Value}")));

    [Fact]
    public async Task A_folder_of_several_experiments_is_refused()
    {
        Write("ray/one/t1/result.json", RayResults);
        Write("ray/two/t1/result.json", RayResults);
        var run = await _place.RunAsync("import", "ray", "--as", "sweep", "--metric", "loss", "--goal", "minimize", "--db", _place.Database);
        Assert.Contains("there are 2 experiments", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,loss\n1,2\n", "does not say whether a larger 'loss' is better", "--as", "sweep", "--metric", "loss")]
    [InlineData("loss\n2\n", "no run has a parameter", "--as", "sweep", "--metric", "loss", "--goal", "minimize")]
    [InlineData("a,loss\n", "there is no run", "--as", "sweep", "--metric", "loss", "--goal", "minimize")]
    [InlineData("a,loss\n1,2\n", "goes into no other sweep", "--as", "space", "--into", "x")]
    [InlineData("a,loss\n1,2\n", "--curves are those of a sweep", "--curves", "x")]
    [InlineData("a,loss\n1,2\n", "there is no file none.csv", "--as", "sweep", "--metric", "loss", "--goal", "minimize", "--curves", "none.csv")]
    [InlineData("a,loss\n1,2\n", "has no curves", "--as", "sweep", "--metric", "loss", "--goal", "minimize", "--curves", "table.csv")]
    public async Task What_makes_no_sweep_is_refused_and_nothing_is_stored(string text, string message, params string[] args)
    {
        Write("table.csv", text);
        var run = await _place.RunAsync(["import", "table.csv", "--db", _place.Database, .. args]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
        Assert.False(File.Exists(_place.Database));
    }

    /// <summary>Where W&amp;B's table does not say which columns are parameters, it is said what was taken for some.</summary>
    [Fact]
    public async Task Parameters_of_a_table_are_guessed_aloud_or_named()
    {
        Write("runs.csv", WandbTable);
        var guessed = await _place.RunAsync("import", "runs.csv", "--metric", "val_loss", "--goal", "minimize", "--top", "1");
        Assert.Equal("enqueue:\n  - {\"lr\":0.2,\"model.depth\":2,\"optimizer\":\"sgd\"}\n", guessed.Out);
        Assert.Contains("taken for parameters: lr, model.depth, optimizer; --parameters names others", guessed.Error, StringComparison.Ordinal);
        var named = await _place.RunAsync("import", "runs.csv", "--metric", "val_loss", "--goal", "minimize", "--top", "1", "--parameters", "lr, optimizer");
        Assert.Equal("enqueue:\n  - {\"lr\":0.2,\"optimizer\":\"sgd\"}\n", named.Out);
        Assert.DoesNotContain("taken for", named.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_is_named_stores_it()
    {
        await SeededResults.WriteAsync(_place.Database);
        await using var head = await TestHead.StartAsync(_place.Database);
        Write("runs.csv", WandbTable);
        var run = await _place.RunAsync("import", "runs.csv", "--as", "sweep", "--metric", "val_loss", "--goal", "minimize", "--head", head.Url, "-o", "json");
        Assert.True(run.ExitCode == 0, run.Error);
        var told = JsonNode.Parse(run.Out)!;
        Assert.Equal(("completed", 6, 5), ((string)told["state"]!, (int)told["trials"]!, (int)told["reports"]!));
        Assert.Equal($"{told["sweep"]}/6", await QueryAsync($"select trial from leaderboard where sweep = '{told["sweep"]}' limit 1"));
    }

    /// <summary>Columns and files have names that a sweep file cannot have.</summary>
    [Fact]
    public async Task Odd_names_are_made_plain_and_told()
    {
        Write("größe\u001b[31m runs.csv", "\"learning rate\",learning_rate,größe,\"=x\",\"e\u001b[31mm\",+opt,loss\n1,2,3,4,5,6,0.5\n");
        var run = await _place.RunAsync("import", "größe\u001b[31m runs.csv", "--as", "sweep", "--metric", "loss", "--goal", "minimize", "--db", _place.Database);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.Contains("'learning rate' learning_rate_2", run.Error, StringComparison.Ordinal);
        Assert.Equal("""{"learning_rate_2":1,"learning_rate":2,"gr__e":3,"_x":4,"e__31mm":5,"+opt":6}""", await QueryAsync("select params from trials"));
    }

    [Fact]
    public void Long_curves_are_thinned_to_what_one_import_takes()
    {
        var trials = FinishedSweep.Trials(
            [.. Enumerable.Range(0, 3).Select(run => new ForeignRun($"{run}", SearchSpaces.ParameterSet.Empty, RunEnd.Finished, "", 7)
            {
                Curve = [.. Enumerable.Range(0, 100_000).Select(step => new CurvePoint(step, new Dictionary<string, double> { ["loss"] = step }))],
            })], "loss", maximize: false);
        var thinned = FinishedSweep.Thin(trials, out var every);
        Assert.Equal(2, every);
        Assert.True(thinned.Sum(trial => trial.Reports.Length) <= ImportRequest.MaxRows);
        Assert.All(thinned, trial => Assert.Equal((1, 8, 100_000), (trial.Reports[0].Epoch, trial.Reports.First(report => report.Epoch == trial.ValueEpoch).Epoch, trial.Reports[^1].Epoch)));
    }

    private static string Said(ImportedTrial trial) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{trial.State.ToString().ToLowerInvariant()} {trial.Value}@{trial.ValueEpoch} {trial.Parameters} | {string.Join(' ', trial.Reports.Select(report => $"{report.Epoch}:{string.Join(' ', report.Metrics.Select(metric => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{metric.Key}={metric.Value}")))}"))}");

    private static System.Collections.Immutable.ImmutableArray<ImportedTrial> Trials(string text, string metric) =>
        FinishedSweep.Trials(ForeignFile.OfText("runs", text, study: null).Runs(metric, null), metric, maximize: false);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_place.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task<string> ImportAsync(params string[] args)
    {
        var run = await _place.RunAsync(["import", .. args, "--as", "sweep", "--db", _place.Database]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Out.Trim();
    }

    private async Task<string> QueryAsync(string sql)
    {
        var run = await _place.RunAsync("query", sql, "--db", _place.Database, "-o", "jsonl");
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonNode.Parse(run.Out)!.AsObject().First().Value?.ToString() ?? "";
    }
}
