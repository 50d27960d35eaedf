using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Exports;

public sealed class SeveralMetricsTests : IDisposable
{
    private const string Spec = "name: multi\nprogram: a.py\nmethod: grid\nmetrics: [{name: loss, goal: minimize}, {name: acc, goal: maximize}]\nparameters: {x: {values: [1, 2, 3, 4, 5]}}\n";

    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Every_table_has_a_column_per_metric()
    {
        await WriteAsync();
        var lines = (await _place.RunAsync("export")).Out.Split('\n');
        Assert.EndsWith(",message,facts,loss,acc,x", lines[0], StringComparison.Ordinal);
        Assert.Equal(["1,0.1,1", "5,0.5,2", "9,0.9,3", "9,0.8,4", "2,,5"], lines.Skip(1).Take(5).Select(line => string.Join(',', line.Split(',')[^3..])));
        var json = JsonNode.Parse((await _place.RunAsync("export", "--format", "json")).Out)!;
        Assert.Equal((1, 0.1), ((double)json[0]!["loss"]!, (double)json[0]!["acc"]!));
        Assert.Equal("enqueue:\n  - {\"x\":3}\n", (await ImportAsync("--metric", "acc", "--top", "1")).Out);

        var html = (await _place.RunAsync("export", "--format", "html")).Out;
        var columns = ReportFile.PartsOf(html)[0]["table"]!["columns"]!;
        Assert.Equal(["1", "5", "9", "9", "2"], columns["metrics.loss"]!.AsArray().Select((value, i) => ((int)columns["number"]![i]!, $"{value}")).OrderBy(one => one.Item1).Select(one => one.Item2));
        Assert.Equal(5, columns["metrics.acc"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_plot_shows_every_configuration_over_two_metrics_and_which_no_other_beats()
    {
        await WriteAsync();
        var run = await _place.RunAsync("plot", "pareto", "-o", "csv");
        Assert.Equal("number,loss,acc,front\n1,1,0.1,true\n2,5,0.5,true\n3,9,0.9,true\n4,9,0.8,false\n", run.Out);
        Assert.Contains("'accc' is no metric of multi-0001", (await _place.RunAsync("plot", "pareto", "multi", "loss", "accc")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await _place.RunAsync("plot", "pareto", "multi", "loss")).ExitCode);
    }

    [Fact]
    public async Task What_is_shown_of_a_sweep_has_its_metrics_and_the_hypervolume()
    {
        await WriteAsync();
        var text = (await _place.RunAsync("show", "multi")).Out;
        Assert.Contains("metrics\tloss minimize, acc maximize\n", text, StringComparison.Ordinal);
        Assert.Contains("hypervolume\t0.250 of the box from the worst to the best seen: loss 9 to 1, acc 10.00% to 90.00%; by 3 configurations\n", text.Replace("acc 0.1 to 0.9", "acc 10.00% to 90.00%"), StringComparison.Ordinal);
        var json = JsonNode.Parse((await _place.RunAsync("show", "multi", "-o", "json")).Out)!;
        Assert.Equal("""{"loss":9,"acc":0.1}""", json["hypervolume"]!["reference"]!.ToJsonString());
        Assert.Equal((0.25, 3), (Math.Round((double)json["hypervolume"]!["share"]!, 9), (int)json["hypervolume"]!["configurations"]!));
        Assert.Equal("""[{"name":"loss","goal":"minimize"},{"name":"acc","goal":"maximize"}]""", json["metrics"]!.ToJsonString());
    }

    [NeedsOptunaFact]
    public async Task Optuna_finds_the_same_front_in_the_journal()
    {
        await WriteAsync();
        await _place.RunAsync("export", "--format", "optuna", "--to", "multi.journal");
        var read = JsonNode.Parse(Python.Run("""
            import json, sys, warnings
            warnings.filterwarnings("ignore")
            import optuna
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            from optuna.storages import JournalStorage, JournalFileStorage
            study = optuna.load_study(study_name=None, storage=JournalStorage(JournalFileStorage(sys.argv[1])))
            print(json.dumps({"directions": [one.name for one in study.directions], "best": sorted(t.user_attrs["trial"] for t in study.best_trials), "values": [t.values for t in study.trials]}))
            """, Path.Combine(_place.Folder, "multi.journal")))!;
        Assert.Equal("""["MINIMIZE","MAXIMIZE"]""", read["directions"]!.ToJsonString());
        Assert.Equal("[[1,0.1],[5,0.5],[9,0.9],[9,0.8],null]", read["values"]!.ToJsonString().Replace(".0", "", StringComparison.Ordinal));
        var board = JsonNode.Parse((await _place.RunAsync("leaderboard", "-o", "json")).Out)!.AsArray();
        Assert.Equal(board.Select(row => (string)row!["trial"]!).Order(), read["best"]!.AsArray().Select(trial => (string)trial!));
    }

    private async Task<CommandRun> ImportAsync(params string[] arguments)
    {
        _place.Input = (await _place.RunAsync("export")).Out;
        return await _place.RunAsync(["import", "-", .. arguments]);
    }

    private async Task WriteAsync()
    {
        using var database = ResultDatabase.Open(_place.Database, TimeProvider.System);
        using var writer = new ResultWriter(database);
        var sweep = new SweepRecord
        {
            Id = SweepId.Parse("multi-0001"), Name = "multi", State = SweepState.Completed, Method = "grid", Metric = "loss", Maximize = false,
            Metrics = [new("loss", false), new("acc", true)], Source = Spec, Digest = "d", Created = Time,
        };
        (double Loss, string? Acc)[] values = [(1, "0.1"), (5, "0.5"), (9, "0.9"), (9, "0.8"), (2, "\"NaN\"")];
        await writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            .. values.SelectMany((value, i) => new SweepChange[]
            {
                new SweepChange.TrialAdded(new TrialRecord
                {
                    Number = i + 1, Configuration = i + 1, Parameters = ParameterSet.FromJson($$"""{"x":{{i + 1}}}"""), Seed = 1111, State = TrialState.Completed, Lease = 1, Attempts = 1, Epoch = 2,
                    Value = value.Loss, ValueEpoch = 2, Worker = "one", Device = "cpu", Created = Time, Started = Time, Finished = Time.AddMinutes(1),
                }),
                new SweepChange.ReportAdded(i + 1, 1, 1, EpochReport.FromJson(1, """{"loss":99,"acc":0}"""), Time),
                new SweepChange.ReportAdded(i + 1, 1, 1, EpochReport.FromJson(2, $$"""{"loss":{{value.Loss}},"acc":{{value.Acc}}}"""), Time),
            }),
        ]);
    }
}
