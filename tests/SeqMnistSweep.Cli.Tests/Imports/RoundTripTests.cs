using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Imports;

/// <summary>What an export says of a configuration, an import takes for the same one: drawn spaces, every kind of value, every format.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private static readonly string[] Values =
    [
        "1", "1.0", "\"1\"", "\"1.0\"", "true", "\"true\"", "null", "\"null\"", "\"\"", "\" \"", "\"x\"", "\"True\"", "-0.0", "9007199254740993", "-9223372036854775808", "9223372036854775807",
        "1e-300", "1.7976931348623157e308", "5e-324", "0.1", "\"1e5\"", "\"a,b\"", "\"say \\\"hi\\\"\"", "\"\\\"quoted\\\"\"", "\"two\\nlines\"", "\"cr\\r\"", "\"cr\\r\\nlf\"", "\"größe 漢字 \\ud83d\\ude00\"", "[1,2]", "[]",
        "\"[1, 2]\"", "[\"a\",1.0,null,[true]]", "{\"a\":1,\"b\":[2.0]}", "\"{\\\"a\\\":1}\"", "\"{\"", "\"NaN\"", "\"0x10\"", "\"+5\"", "\"=1+1\"", "\"C:\\\\data\"", "\"\\ufeffx\"",
    ];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task What_was_exported_is_imported_as_it_was(int seed)
    {
        var random = new Random(seed);
        var parameters = new JsonObject();
        for (var i = 0; i < 6; i++)
        {
            parameters[$"p{i}"] = Choice(random);
        }

        parameters["real"] = JsonNode.Parse("""{"min":0.0,"max":2.0,"distribution":"q_uniform","q":0.5}""");
        parameters["log"] = JsonNode.Parse("""{"min":1e-9,"max":1.0,"distribution":"log_uniform_values"}""");
        parameters["whole"] = JsonNode.Parse("""{"min":-9000000000000000000,"max":9000000000000000000}""");
        parameters["value"] = Choice(random);
        parameters["both"] = JsonNode.Parse("""{"values":[[1,2],"[1, 2]",1,"1",true,"true",null,"null"]}""");
        parameters["opt"] = new JsonObject
        {
            ["parameters"] = new JsonObject
            {
                ["name"] = JsonNode.Parse("""{"values":["sgd","adam"]}"""),
                ["momentum"] = JsonNode.Parse("""{"values":[0.9,null],"when":{"opt.name":"sgd"}}"""),
                ["deep"] = new JsonObject { ["parameters"] = new JsonObject { ["state"] = Choice(random) } },
            },
        };
        var spec = $"name: trip\nprogram: a.py\nmethod: random\nrun_cap: 40\nsampler_seed: {seed}\nmetric: {{name: loss, goal: minimize}}\nparameters: {parameters.ToJsonString()}\n";
        var file = SweepFile.Parse(spec, "trip.yaml");
        Assert.True(file.Definition is not null, string.Join("\n", file.Diagnostics.Select(finding => finding.Message)));
        var points = Enumerable.Range(0, 40).Select(i => Methods.SamplerCatalog.Create(file.Definition, Sampling.Priors.SearchPrior.None).Propose(i, new Sampling.SearchHistory())!.Parameters).ToList();
        await WriteAsync(spec, points);
        foreach (var format in new[] { "csv", "json", "jsonl", "optuna" })
        {
            _place.Input = (await _place.RunAsync("export", "--format", format)).Out;
            var imported = await _place.RunAsync("import", "-", "--goal", "minimize", "--top", "100");
            Assert.Equal(points.DistinctBy(point => point).Select(point => $"  - {point.ToJson()}"), imported.Out.Split('\n').Skip(1).SkipLast(1));
        }
    }

    /// <summary>Without the sweep, and where quotes are kept, a table of export still says the types.</summary>
    [Fact]
    public async Task Where_the_sweep_is_not_there_quotes_tell_texts_from_numbers()
    {
        _place.Input = "trial,number,configuration,state,value,origin,a,b,c,d,e.f\ns-0001/1,1,1,completed,0.5,x,\"1\",1,true,\"true\",1.0\n";
        Assert.Equal("enqueue:\n  - {\"a\":\"1\",\"b\":1,\"c\":true,\"d\":\"true\",\"e.f\":1.0}\n", (await _place.RunAsync("import", "-")).Out);
    }

    /// <summary>A list of some values that differ in what they mean and, in one list, in what they look like.</summary>
    private static JsonObject Choice(Random random)
    {
        var values = Values.OrderBy(_ => random.Next()).Select(text => JsonNode.Parse(text)).ToList();
        return new JsonObject
        {
            ["values"] = new JsonArray([.. values.Take(1 + random.Next(8)).DistinctBy(value => value is null ? ParameterValue.Null : Value(value)).Select(value => value is null ? null : JsonNode.Parse(Value(value).ToJson()))]),
        };
    }

    private static ParameterValue Value(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return ParameterValue.FromJson(document.RootElement);
    }

    private async Task WriteAsync(string spec, List<ParameterSet> points)
    {
        using var database = ResultDatabase.Open(_place.Database, TimeProvider.System);
        using var writer = new ResultWriter(database);
        var sweep = new SweepRecord
        {
            Id = SweepId.Parse("trip-0001"), Name = "trip", State = SweepState.Completed, Method = "random", Metric = "loss", Maximize = false, Source = spec, Digest = "d", Created = Time,
        };
        await writer.WriteAsync(sweep.Id, [new SweepChange.SweepAdded(sweep), .. points.Select((point, i) => new SweepChange.TrialAdded(new TrialRecord
        {
            Number = i + 1, Configuration = i + 1, Parameters = point, Seed = 1111, State = TrialState.Completed, Lease = 1, Attempts = 1, Epoch = 1, Value = i, ValueEpoch = 1,
            Worker = "one", Device = "cpu", Created = Time, Started = Time, Finished = Time.AddMinutes(1),
        }))]);
    }
}
