using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parquet;
using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Exports;

public sealed class ExportTests : IDisposable
{
    private const string Markup = "<b>\"it's, bold\"</b>\nand more";

    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Csv_has_a_row_per_trial_and_a_column_per_parameter()
    {
        await WriteAsync();
        var run = await _place.RunAsync("export");
        Assert.Equal(0, run.ExitCode);
        var lines = run.Out.Split('\n');
        Assert.Equal("trial,number,configuration,state,cause,value,epoch,epochs,test_loss,test_accuracy,seed,attempts,worker,device,created,started,finished,origin,message,facts,lr,optimizer,permute,layers,params.epochs", lines[0]);
        Assert.StartsWith("tcn-7f3k/1,1,1,completed,,0.9,2,2,0.1,0.89,1111,1,one,cpu,2026-11-23T10:00:00.000Z,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",0.001,Adam,true,\"[1,2]\",3", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"<b>\"\"it's, bold\"\"</b>", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_and_a_head_give_the_same()
    {
        await WriteAsync();
        var ofFile = await _place.RunAsync("export", "--format", "jsonl");
        var reports = await _place.RunAsync("export", "--what", "reports");
        await using var head = await TestHead.StartAsync(_place.Database);
        Assert.Equal(ofFile.Out, (await _place.RunAsync("export", "--format", "jsonl", "--head", head.Url)).Out);
        Assert.Equal(reports.Out, (await _place.RunAsync("export", "--what", "reports", "--head", head.Url)).Out);
        Assert.Equal("trial,epoch,attempt,time,epoch_seconds,val_accuracy", reports.Out.Split('\n')[0]);
    }

    [Theory]
    [InlineData("lr < 0.002", 1)]
    [InlineData("state in ['failed', 'pruned']", 2)]
    [InlineData("value > 2", 0)]
    public async Task Only_the_trials_of_a_filter_are_written(string where, int trials)
    {
        await WriteAsync();
        Assert.Equal(trials, JsonNode.Parse((await _place.RunAsync("export", "--format", "json", "--where", where)).Out)!.AsArray().Count);
    }

    [Fact]
    public async Task A_wrong_filter_is_a_usage_error()
    {
        await WriteAsync();
        var run = await _place.RunAsync("export", "--where", "lrr < 1");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("did you mean 'lr'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_is_read_back_equal()
    {
        await WriteAsync();
        var run = await _place.RunAsync("export", "--format", "parquet", "--to", "t.parquet");
        Assert.Equal(0, run.ExitCode);
        await using var reader = await ParquetReader.CreateAsync(Path.Combine(_place.Folder, "t.parquet"));
        using var group = reader.OpenRowGroupReader(0);
        var fields = reader.Schema.DataFields.ToDictionary(field => field.Name);
        var rows = (int)group.RowCount;
        var (value, number, optimizer, epochs) = (new double?[rows], new long?[rows], new string[rows], new long?[rows]);
        await group.ReadAsync<double>(fields["value"], value);
        await group.ReadAsync<long>(fields["number"], number);
        await group.ReadAsync(fields["optimizer"], optimizer);
        await group.ReadAsync<long>(fields["params.epochs"], epochs);
        Assert.Equal([1L, 2, 3, 4], number);
        Assert.Equal([0.9, 0.5, null, null], value);
        Assert.Equal(["Adam", Markup, "SGD", null!], optimizer);
        Assert.Equal([3L, 3, 3, 3], epochs);
    }

    [NeedsOptunaFact]
    public async Task Optuna_reads_its_journal_back_equal()
    {
        await WriteAsync();
        Assert.Equal(0, (await _place.RunAsync("export", "--format", "optuna", "--to", "tcn.journal")).ExitCode);
        var read = JsonNode.Parse(Python.Run("""
            import json, sys, warnings
            warnings.filterwarnings("ignore")
            import optuna
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            from optuna.storages import JournalStorage, JournalFileStorage
            study = optuna.load_study(study_name=None, storage=JournalStorage(JournalFileStorage(sys.argv[1])))
            print(json.dumps({"name": study.study_name, "direction": study.direction.name, "best": study.best_value, "best_params": study.best_params, "trials": [
                {"state": t.state.name, "value": t.value, "params": t.params, "curve": t.intermediate_values, "seconds": t.duration.total_seconds(), "trial": t.user_attrs["trial"]} for t in study.trials]}))
            """, Path.Combine(_place.Folder, "tcn.journal")))!;

        Assert.Equal(("tcn-7f3k", "MAXIMIZE", 0.9), ((string)read["name"]!, (string)read["direction"]!, (double)read["best"]!));
        Assert.Equal("""{"lr":0.001,"optimizer":"Adam","permute":true,"layers":"[1,2]","epochs":3}""", read["best_params"]!.ToJsonString());
        var trials = read["trials"]!.AsArray();
        Assert.Equal(["COMPLETE", "PRUNED", "FAIL"], trials.Select(trial => (string)trial!["state"]!)); // the queued one is none yet
        Assert.Equal("""{"1":0.8,"2":0.9}""", trials[0]!["curve"]!.ToJsonString());
        Assert.Equal(Markup, (string)trials[1]!["params"]!["optimizer"]!);
        Assert.Equal(60, (double)trials[0]!["seconds"]!);
    }

    [NeedsOptunaFact]
    public async Task A_study_that_was_exported_goes_on_in_Optuna()
    {
        File.WriteAllText(Path.Combine(_place.Folder, "space.yaml"), """
            name: space
            program: branin
            method: random
            run_cap: 12
            metric: {name: value, goal: minimize}
            parameters:
              x0: {min: -5.0, max: 10.0}
              x1: {distribution: log_uniform_values, min: 0.001, max: 15.0}
            """);
        Assert.Equal(0, (await _place.RunAsync("run", "space.yaml")).ExitCode);
        Assert.Equal(0, (await _place.RunAsync("export", "--format", "optuna", "--to", "space.journal")).ExitCode);
        var read = JsonNode.Parse(Python.Run("""
            import json, sys, warnings
            warnings.filterwarnings("ignore")
            import optuna
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            from optuna.storages import JournalStorage, JournalFileStorage
            study = optuna.load_study(study_name=None, storage=JournalStorage(JournalFileStorage(sys.argv[1])))
            space = {name: json.loads(optuna.distributions.distribution_to_json(of))["attributes"] for name, of in study.trials[0].distributions.items()}
            study.optimize(lambda trial: (trial.suggest_float("x0", -5, 10) - 1) ** 2 + trial.suggest_float("x1", 0.001, 15, log=True), n_trials=5)
            print(json.dumps({"trials": [trial.state.name for trial in study.trials], "space": space}))
            """, Path.Combine(_place.Folder, "space.journal")))!;
        Assert.Equal(Enumerable.Repeat("COMPLETE", 17), read["trials"]!.AsArray().Select(state => (string)state!));
        Assert.Equal("""{"step":null,"low":-5,"high":10,"log":false}""", read["space"]!["x0"]!.ToJsonString().Replace(".0", "", StringComparison.Ordinal));
        Assert.Equal("""{"step":null,"low":0.001,"high":15,"log":true}""", read["space"]!["x1"]!.ToJsonString().Replace("15.0", "15", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_exported_is_imported_again()
    {
        await WriteAsync();
        await _place.RunAsync("export", "--format", "optuna", "--to", "tcn.journal");
        await _place.RunAsync("export", "--to", "tcn.csv");
        var journal = await _place.RunAsync("import", "tcn.journal");
        Assert.Equal("enqueue:\n  - {\"lr\":0.001,\"optimizer\":\"Adam\",\"permute\":true,\"layers\":\"[1,2]\",\"epochs\":3}\n", journal.Out);
        var csv = await _place.RunAsync("import", "tcn.csv", "--top", "2");
        Assert.Equal("enqueue:\n  - {\"lr\":0.001,\"optimizer\":\"Adam\",\"permute\":true,\"layers\":[1,2],\"epochs\":3}\n", csv.Out);
        Assert.Contains("3 rows left out: pruned (1), failed (1), queued (1)", csv.Error, StringComparison.Ordinal);
    }

    [NeedsOptunaFact]
    public async Task A_journal_that_Optuna_wrote_is_imported()
    {
        Python.Run("""
            import sys, warnings
            warnings.filterwarnings("ignore")
            import optuna
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            from optuna.storages import JournalStorage, JournalFileStorage
            study = optuna.create_study(direction="minimize", storage=JournalStorage(JournalFileStorage(sys.argv[1])), sampler=optuna.samplers.RandomSampler(seed=1))
            for lr, levels, optimizer, value in [(0.001, 8, "SGD", 2.0), (0.01, 7, "Adam", 1.0), (0.1, 6, "Adam", 3.0)]:
                study.enqueue_trial({"lr": lr, "levels": levels, "optimizer": optimizer})
                trial = study.ask()
                trial.suggest_float("lr", 1e-4, 1, log=True), trial.suggest_int("levels", 4, 9), trial.suggest_categorical("optimizer", ["Adam", "SGD"])
                study.tell(trial, value)
            """, Path.Combine(_place.Folder, "study.journal"));
        var run = await _place.RunAsync("import", "study.journal", "--top", "2");
        Assert.Equal("enqueue:\n  - {\"lr\":0.01,\"levels\":7,\"optimizer\":\"Adam\"}\n  - {\"lr\":0.001,\"levels\":8,\"optimizer\":\"SGD\"}\n", run.Out);
    }

    [Theory]
    [InlineData("a,value\n1\n", "line 2 has 1 fields, the first has 2")]
    [InlineData("a,b\n1,2\n", "there is no column 'value'")]
    [InlineData("", "the file is empty")]
    [InlineData("{\"op_code\": 0}\nnonsense\n", "line 2 is none of a journal")]
    [InlineData("{\"op_code\": 0, \"directions\": [1]}\n", "no completed trial is in it")]
    public async Task A_file_that_cannot_be_imported_is_named(string text, string message)
    {
        _place.Input = text;
        var run = await _place.RunAsync("import", "-");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task What_was_tried_elsewhere_is_asked_for_in_a_live_sweep()
    {
        await SeededResults.WriteAsync(_place.Database);
        await using var head = await TestHead.StartAsync(_place.Database);
        var fake = new FakeHead();
        _place.Link = fake;
        _place.Input = "x0,x1,value\n0.5,a,3\n0.25,b,1\n";
        var run = await _place.RunAsync("import", "-", "--goal", "minimize", "--into", "tcn-live", "--head", head.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("x0=0.25", fake.Asked[0], StringComparison.Ordinal);
        Assert.Contains("x0=0.5", fake.Asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_one_file_that_reads_nothing_and_runs_nothing_but_itself()
    {
        await WriteAsync();
        await _place.RunAsync("export", "--format", "html", "--to", "tcn.html");
        var html = await File.ReadAllTextAsync(Path.Combine(_place.Folder, "tcn.html"));
        Assert.Contains("content=\"default-src 'none'; img-src data:; style-src 'sha256-", html, StringComparison.Ordinal);
        var parts = ReportFile.PartsOf(html);
        Assert.Equal("tcn-7f3k", (string)parts[0]["sweep"]!);
        Assert.Equal(4, parts[0]["table"]!["columns"]!["number"]!.AsArray().Count);
        Assert.Equal(0.9, (double)parts[0]["answers"]!["sweeps/tcn-7f3k/leaderboard"]![0]!["value"]!);
        Assert.Equal([1, 2, 3, 4], parts.SelectMany(part => part["detailed"]!.AsArray()).Select(number => (int)number!).Order());
        Assert.NotEmpty(parts[1]["answers"]!["trials/tcn-7f3k/1/curves?pixels=400"]!["metrics"]!.AsArray());
        Assert.DoesNotContain("<b>", html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("<script type=\"module\"", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_holds_the_trials_of_a_filter_and_says_of_how_many()
    {
        await WriteAsync();
        var parts = ReportFile.PartsOf((await _place.RunAsync("export", "--format", "html", "--where", "state == 'completed'")).Out);
        var table = parts[0]["table"]!;
        Assert.All(table["columns"]!["state"]!.AsArray(), state => Assert.Equal("completed", (string)state!));
        Assert.Equal(4, (int)table["total"]!);
        Assert.InRange((int)table["matched"]!, 1, 3);
    }

    [Fact]
    public async Task TensorBoard_has_a_run_per_trial_with_its_parameters_and_curves()
    {
        await WriteAsync();
        Assert.Equal(0, (await _place.RunAsync("export", "--format", "tensorboard", "--to", "runs")).ExitCode);
        var runs = Directory.EnumerateFiles(Path.Combine(_place.Folder, "runs", "tcn-7f3k"), "events.out.tfevents.*", SearchOption.AllDirectories).Order().ToList();
        Assert.Equal(4, runs.Count);
        var events = Records(await File.ReadAllBytesAsync(runs[0]));
        Assert.Contains("brain.Event:2", Encoding.UTF8.GetString(events[0]), StringComparison.Ordinal);
        var start = Encoding.UTF8.GetString(events[1]);
        Assert.Contains("_hparams_/session_start_info", start, StringComparison.Ordinal);
        Assert.Contains("optimizer", start, StringComparison.Ordinal);
        Assert.Contains("Adam", start, StringComparison.Ordinal);
        var scalar = events[2]; // val_accuracy 0.8 at epoch 1, among others
        Assert.Contains("val_accuracy", Encoding.UTF8.GetString(scalar), StringComparison.Ordinal);
        Assert.True(scalar.AsSpan().IndexOf(BitConverter.GetBytes(0.8f)) > 0);
        Assert.Contains("_hparams_/session_end_info", Encoding.UTF8.GetString(events[^1]), StringComparison.Ordinal);
    }

    // RFC 3720's vector is 0xE3069283; masked as TensorFlow does.
    [Fact]
    public void Records_have_the_checksum_of_TensorFlow() =>
        Assert.Equal(unchecked(((0xE3069283u >> 15) | (0xE3069283u << 17)) + 0xa282ead8u), TensorBoardExport.MaskedChecksum("123456789"u8));

    [Theory]
    [InlineData("tensorboard")]
    [InlineData("parquet")]
    public async Task What_is_nothing_for_a_terminal_asks_for_a_place(string format)
    {
        await WriteAsync();
        _place.Width = 80;
        var run = await _place.RunAsync("export", "--format", format);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("--to PATH", run.Error, StringComparison.Ordinal);
    }

    private static List<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(TensorBoardExport.MaskedChecksum(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file.AsSpan(at + 12, length).ToArray();
            Assert.Equal(TensorBoardExport.MaskedChecksum(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            records.Add(data);
            at += 16 + length;
        }

        return records;
    }

    private async Task WriteAsync()
    {
        using var database = ResultDatabase.Open(_place.Database, TimeProvider.System);
        using var writer = new ResultWriter(database);
        var sweep = new SweepRecord
        {
            Id = SweepId.Parse("tcn-7f3k"), Name = "tcn", State = SweepState.Running, Method = "random", Metric = "val_accuracy", Maximize = true, Source = $"# {Markup}\n", Digest = "d", Created = Time, Started = Time,
        };
        await writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            Trial(1, """{"lr":0.001,"optimizer":"Adam","permute":true,"layers":[1,2],"epochs":3}""", TrialState.Completed, 0.9),
            Trial(2, $$"""{"lr":0.01,"optimizer":{{JsonSerializer.Serialize(Markup)}},"permute":false,"epochs":3}""", TrialState.Pruned, 0.5),
            Trial(3, """{"lr":0.1,"optimizer":"SGD","permute":true,"epochs":3}""", TrialState.Failed, null),
            Trial(4, """{"lr":0.1,"epochs":3}""", TrialState.Queued, null),
            new SweepChange.ReportAdded(1, 1, 1, EpochReport.FromJson(1, """{"val_accuracy":0.8,"epoch_seconds":1.5}"""), Time.AddSeconds(1)),
            new SweepChange.ReportAdded(1, 1, 1, EpochReport.FromJson(2, """{"val_accuracy":0.9,"epoch_seconds":1.5}"""), Time.AddSeconds(2)),
            new SweepChange.ReportAdded(2, 1, 1, EpochReport.FromJson(1, """{"val_accuracy":"NaN"}"""), Time.AddSeconds(3)),
        ]);
    }

    private static SweepChange.TrialAdded Trial(int number, string parameters, TrialState state, double? value) => new(new TrialRecord
    {
        Number = number,
        Configuration = number,
        Parameters = ParameterSet.FromJson(parameters),
        Seed = 1111,
        State = state,
        Cause = state == TrialState.Failed ? FailureCause.Crashed : null,
        Message = state == TrialState.Failed ? Markup : null,
        Lease = 1,
        Attempts = 1,
        Epoch = value is null ? 0 : 2,
        Value = value,
        ValueEpoch = value is null ? null : 2,
        TestLoss = state == TrialState.Completed ? 0.1 : null,
        TestAccuracy = state == TrialState.Completed ? 0.89 : null,
        Worker = "one",
        Device = "cpu",
        Created = Time,
        Started = state == TrialState.Queued ? null : Time,
        Finished = state == TrialState.Queued ? null : Time.AddMinutes(1),
    });
}
