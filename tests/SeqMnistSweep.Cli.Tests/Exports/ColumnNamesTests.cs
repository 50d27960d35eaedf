using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Exports;

/// <summary>Parameters and metrics that are named like columns of trials, all that there are.</summary>
public sealed class ColumnNamesTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>Every name by which a trial has something of its own: properties of the view's rows, columns of the database's table, of
    /// pages of trials, of exports; and names that look like the prefixed ones.</summary>
    private static List<string> Names()
    {
        var stored = new ColumnNames();
        TrialColumns.Pass(stored, TrialRecord.Blank);
        return
        [
            .. stored.Names.Concat(typeof(TrialRow).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)))
                .Concat(TrialTable.OwnColumns).Concat(SweepExport.OwnColumns).Concat(["loss", "key", "rank", "seeds", "params.lr", "metrics.loss", "learning-rate", "x/y"])
                .Distinct(),
        ];
    }

    [Fact]
    public async Task A_parameter_named_like_a_column_is_exported_with_its_own_value()
    {
        var names = Names();
        var texts = await WriteAsync(names, i => ParameterValue.Of($"its own {i}"));
        var numbers = await WriteAsync(names, i => ParameterValue.Of(1000L + i));
        foreach (var (sweep, point) in new[] { texts, numbers })
        {
            var csv = ForeignTable.Read((await _place.RunAsync("export", sweep)).Out);
            var json = JsonNode.Parse((await _place.RunAsync("export", sweep, "--format", "json")).Out)![0]!.AsObject();
            var journal = JsonNode.Parse((await _place.RunAsync("export", sweep, "--format", "optuna")).Out.Split('\n')[1])!;
            Assert.All(names, name =>
            {
                var column = csv.Head.Contains($"params.{name}") ? $"params.{name}" : name;
                Assert.Equal(point[name]!.ToString(), csv.Rows[0][csv.Require(column)].Text);
                Assert.Equal(point[name]!.ToJson(), json[column]!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
                Assert.True(journal["params"]!.AsObject().ContainsKey(name));
            });
            Assert.All(TrialTable.OwnColumns.Concat(SweepExport.OwnColumns), name => Assert.DoesNotContain(name, csv.Head.Skip(SweepExport.OwnColumns.Count())));
            foreach (var format in new[] { "csv", "json", "optuna" })
            {
                _place.Input = (await _place.RunAsync("export", sweep, "--format", format)).Out;
                Assert.Equal($"enqueue:\n  - {point.ToJson()}\n", (await _place.RunAsync("import", "-")).Out);
            }
        }
    }

    [Fact]
    public async Task A_parameter_named_like_a_column_is_shown_sorted_and_filtered_by_its_own_name()
    {
        var names = Names();
        var (sweep, point) = await WriteAsync(names, i => i % 2 == 0 ? ParameterValue.Of($"its own {i}") : ParameterValue.Of(1000L + i));
        await using var head = await TestHead.StartAsync(_place.Database);
        using var client = head.CreateClient();
        foreach (var name in names)
        {
            var asked = Uri.EscapeDataString($"params.{name}");
            var page = await client.GetFromJsonAsync<JsonObject>($"api/v1/sweeps/{sweep}/trials?columns=number,{asked}&sort={asked}");
            Assert.Equal(point[name]!.ToString(), page!["columns"]![$"params.{name}"]![0]!.ToString());
            var where = Uri.EscapeDataString($"`params.{name}` == {(point[name]!.Kind == ParameterKind.Text ? $"'{point[name]}'" : point[name])}");
            Assert.Equal(1, (int)(await client.GetFromJsonAsync<JsonObject>($"api/v1/sweeps/{sweep}/trials?where={where}"))!["matched"]!);
        }

        var all = await client.GetFromJsonAsync<JsonObject>($"api/v1/sweeps/{sweep}/trials?columns=params.*");
        Assert.Equal(names.Select(name => $"params.{name}"), all!["columns"]!.AsObject().Select(column => column.Key));
        var usual = (await client.GetFromJsonAsync<JsonObject>($"api/v1/sweeps/{sweep}/trials"))!["columns"]!.AsObject();
        Assert.All(names, name => Assert.Equal(point[name]!.ToString(), (usual[$"params.{name}"] ?? usual[name])![0]!.ToString()));
    }

    [Fact]
    public async Task Metrics_named_like_columns_and_parameters_keep_their_own_names()
    {
        ImmutableArray<MetricGoal> metrics = [new("device", false), new("loss", false), new("lr", true)];
        var (sweep, _) = await WriteAsync(["lr", "x"], i => ParameterValue.Of(0.5 + i), metrics, """{"device":7.0,"loss":8.0,"lr":9.0}""");
        var lines = (await _place.RunAsync("export", sweep)).Out.Split('\n');
        Assert.EndsWith("message,facts,metrics.device,loss,metrics.lr,params.lr,x", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",7,8,9,0.5,1.5", lines[1], StringComparison.Ordinal);
        var both = await _place.RunAsync("export", sweep, "--where", "lr == 9");
        Assert.Contains("write params.lr or metrics.lr", both.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _place.RunAsync("export", sweep, "--where", "metrics.lr == 9 and params.lr == 0.5 and loss == 8 and device == 'cpu' and metrics.device == 7")).Out.Split('\n').Length);
    }

    private async Task<(string Sweep, ParameterSet Point)> WriteAsync(
        IReadOnlyList<string> names, Func<int, ParameterValue> value, ImmutableArray<MetricGoal> metrics = default, string reported = """{"loss":0.5}""")
    {
        if (metrics.IsDefault) metrics = [new("loss", false)];
        var point = new ParameterSet(names.Select((name, i) => KeyValuePair.Create(name, value(i))));
        var spec = "program: a.py\nmethod: grid\n"
            + $"metrics: {JsonSerializer.Serialize(metrics.Select(metric => new { name = metric.Name, goal = metric.Maximize ? "maximize" : "minimize" }))}\n".Replace("metrics: [{\"name\":\"loss\",\"goal\":\"minimize\"}]", "metric: {name: loss, goal: minimize}", StringComparison.Ordinal)
            + $"parameters: {new JsonObject(point.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)new JsonObject { ["value"] = JsonNode.Parse(item.Value.ToJson()) }))).ToJsonString()}\n";
        Assert.Empty(SweepFiles.SweepFile.Parse(spec, "a.yaml").Diagnostics.Where(finding => finding.Severity == SweepFiles.Diagnostics.Severity.Error).Select(finding => finding.Message));
        using var database = ResultDatabase.Open(_place.Database, TimeProvider.System);
        using var writer = new ResultWriter(database);
        var sweep = new SweepRecord
        {
            Id = SweepId.Parse($"names-{Guid.NewGuid():N}"[..10]), Name = "names", State = SweepState.Completed, Method = "grid", Metric = metrics[0].Name, Maximize = false,
            Metrics = metrics.Length > 1 ? metrics : [], Source = spec, Digest = $"{Guid.NewGuid()}", Created = Time,
        };
        await writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.TrialAdded(new TrialRecord
            {
                Number = 1, Configuration = 1, Parameters = point, Seed = 1111, State = TrialState.Completed, Lease = 1, Attempts = 1, Epoch = 1, Value = EpochReport.FromJson(1, reported)[metrics[0].Name],
                ValueEpoch = 1, Worker = "one", Device = "cpu", Created = Time, Started = Time, Finished = Time.AddMinutes(1),
            }),
            new SweepChange.ReportAdded(1, 1, 1, EpochReport.FromJson(1, reported), Time),
        ]);
        return (sweep.Id.Value, point);
    }

    /// <summary>Hears every column of <see cref="TrialColumns"/>.</summary>
    private sealed class ColumnNames : ITrialColumns
    {
        public List<string> Names { get; } = [];

        public int Integer(string column, int value) => Add(column, value);

        public long Long(string column, long value) => Add(column, value);

        public int? OptionalInteger(string column, int? value) => Add(column, value);

        public double? Real(string column, double? value) => Add(column, value);

        public bool Flag(string column, bool value) => Add(column, value);

        public string? Text(string column, string? value) => Add(column, value);

        public string? Name(string column, string? value) => Add(column, value);

        public T? Choice<T>(string column, T? value)
            where T : struct, Enum => Add(column, value);

        public DateTimeOffset? Time(string column, DateTimeOffset? value) => Add(column, value);

        public ParameterSet Parameters(string column, ParameterSet value) => Add(column, value);

        public CheckpointFile? Checkpoint(string column, CheckpointFile? value) => Add(column + "_digest", value);

        public CheckpointFile? KeptCheckpoint(CheckpointFile? value) => value;

        private T Add<T>(string column, T value)
        {
            Names.Add(column);
            return value;
        }
    }
}
