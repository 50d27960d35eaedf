using System.Buffers.Binary;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NJsonSchema;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Tests.Console;

/// <summary>The published schemas. That what commands write fits them is held by every test that runs one: see <see cref="JsonAnswer"/>.</summary>
public sealed partial class AnswerSchemaTests : IDisposable
{
    /// <summary>These stay, take a screen or print a file for another program.</summary>
    private static readonly string[] WithoutJson = ["explain", "completions", "python", "mcp", "head", "worker", "token-show"];

    private static readonly string[] OfAHead =
    [
        "ask", "audit", "doctor", "health", "invite", "join-line", "login", "open", "tell", "token-create", "token-list", "token-revoke", "worker-revoke",
    ];

    private static readonly string[] OfARun =
    [
        "data-fetch", "data-list", "data-path", "data-verify", "model-export", "model-predict", "model-verify", "plot-pareto", "plot-timeline", "run",
    ];

    private readonly Workplace _place = new();

    public static TheoryData<string> Schemas => [.. AnswerSchema.Names];

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_command_that_writes_JSON_has_a_schema()
    {
        var commands = Leaves(CommandLine.Build(CommandContext.OfProcess())).Select(JsonAnswer.NameOf).Except(WithoutJson);
        Assert.Equal(commands.Append("error").Order(StringComparer.Ordinal), AnswerSchema.Names);
    }

    [Fact]
    public void Every_schema_is_held_against_what_its_command_really_writes()
    {
        var golden = Directory.EnumerateFiles(RepositoryFiles.PathOf("tests", "SeqMnistSweep.Cli.Tests", "Golden"), "*.txt")
            .SelectMany(file => GoldenPattern().Matches(File.ReadAllText(file)))
            .Select(match => JsonAnswer.Parse(match.Groups["line"].Value.Split(' ')))
            .Select(parsed => JsonAnswer.NameOf(parsed.CommandResult.Command));
        Assert.Empty(AnswerSchema.Names.Except(golden).Except(OfAHead).Except(OfARun).Except(["error"]));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task A_schema_says_what_each_property_is(string name)
    {
        var schema = await JsonSchema.FromJsonAsync(AnswerSchema.Find(name)!);
        Assert.NotEmpty(schema.Description!);
        foreach (var known in Objects(JsonNode.Parse(AnswerSchema.Find(name)!)).Where(known => known.ContainsKey("properties")))
        {
            Assert.True(known.ContainsKey("additionalProperties"), known.ToJsonString());
            Assert.All(known["properties"]!.AsObject(), property => Assert.NotEmpty((string)property.Value!["description"]!));
        }
    }

    [Theory]
    [InlineData("""[{"file":"a","valid":true,"name":"a","diagnostics":[],"more":0}]""", true)]
    [InlineData("""[{"file":"a","valid":true,"name":"a","diagnostics":[],"more":0,"new":1}]""", false)]
    [InlineData("""[{"file":"a","valid":true,"name":"a","diagnostics":[]}]""", false)]
    [InlineData("""[{"file":"a","valid":"yes","name":"a","diagnostics":[],"more":0}]""", false)]
    public async Task A_schema_takes_nothing_else(string answer, bool fits) =>
        Assert.Equal(fits, (await JsonSchema.FromJsonAsync(AnswerSchema.Find("validate")!)).Validate(answer).Count == 0);

    [Fact]
    public async Task Explain_prints_it_and_offers_the_nearest_name()
    {
        Assert.Equal(AnswerSchema.Find("plot-history"), (await _place.RunAsync("explain", "--schema", "plot history")).Out);
        var unknown = await _place.RunAsync("explain", "--schema", "leaderbord");
        Assert.Equal((ExitCodes.NotFound, ""), (unknown.ExitCode, unknown.Out));
        Assert.Contains("did you mean 'leaderboard'?", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seqmnist.yaml", "dropped")]
    [InlineData("asha.yaml", "rungs")]
    public async Task A_plan_is_as_published_with_what_constraints_drop_and_where_trials_stop(string file, string part)
    {
        var plan = await AnswerAsync("plan", RepositoryFiles.PathOf("sweeps", file), "--show", "2");
        Assert.NotEmpty(plan[part]!.AsArray());
        Assert.Equal(2, plan["first"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_a_head_is_asked_for_is_as_published()
    {
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "ask.yaml"), "program: ask\nmethod: grid\nmetric: {name: loss}\nparameters: {x: {values: [1, 2]}}\n");
        await using var head = await TestHead.StartAsync(_place.Database, at: "0.0.0.0");
        _place.Variables["SEQSWEEP_HEAD"] = head.Url;
        _place.Variables["XDG_CONFIG_HOME"] = Path.Combine(_place.Folder, "config");
        Assert.Equal(0, (await _place.RunAsync("submit", "ask.yaml")).ExitCode);
        _place.Answered.Clear();

        await AnswerAsync("token", "create", "ci", "--for", "1h");
        await AnswerAsync("token", "list");
        await AnswerAsync("token", "revoke", "ci");
        _place.Input = (string)(await AnswerAsync("invite", "ada"))["invite"]!;
        await AnswerAsync("login");
        await AnswerAsync("join-line");
        await AnswerAsync("audit");
        await AnswerAsync("open", "--print");
        await AnswerAsync("health");
        var asked = await AnswerAsync("ask", "@last");
        string[] trial = ["tell", (string)asked["trial"]!, "--lease", (string)asked["lease"]!];
        await AnswerAsync([.. trial, "--report", "loss=0.5"]);
        await AnswerAsync([.. trial, "loss=0.25"]);
        using var key = new KeyRequest();
        await head.Services.GetRequiredService<WorkerCredentials>().JoinAsync(new JoinRequest("gpu-1", key.ToPem()), null);
        await AnswerAsync("worker", "revoke", "gpu-1");
        await _place.RunAsync("doctor", "-o", "json");
        Assert.Equal(OfAHead, _place.Answered);
    }

    /// <summary>The dataset is drawn once in the cache of the account.</summary>
    [Fact]
    public async Task What_a_run_leaves_is_as_published()
    {
        const string Sweep = "metrics: [{name: val_loss, goal: minimize}, {name: val_accuracy, goal: maximize}]\nmethod: grid\nreceptive_field: warn\n"
            + "parameters: {dataset: {value: glyphs}, levels: {value: 2}, hidden: {value: 4}, train_limit: {value: 128}, eval_limit: {value: 128}, epochs: {value: 1}}\n";
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "sweep.yaml"), Sweep);
        foreach (var word in (string[])["fetch", "path", "verify"])
        {
            await AnswerAsync("data", word, "glyphs");
        }

        await AnswerAsync("data", "list");
        string[] run = ["run", "sweep.yaml", "-o", "json"];
        using var process = Process.Start(new ProcessStartInfo(SeqSweepProgram.File, run)
        {
            WorkingDirectory = _place.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        _place.Answered.Add(JsonAnswer.Check(run, new CommandRun(0, output, await error))!);

        var image = new byte[16 + 784];
        BinaryPrimitives.WriteInt32BigEndian(image, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(image.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32BigEndian(image.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(image.AsSpan(12), 28);
        await File.WriteAllBytesAsync(Path.Combine(_place.Folder, "image"), image);
        await AnswerAsync("model", "export", "@last/1");
        await AnswerAsync("model", "predict", "@last/1", "--input", "image");
        await AnswerAsync("model", "verify", "@last/1");
        await AnswerAsync("plot", "timeline");
        await AnswerAsync("plot", "pareto");
        Assert.Equal(OfARun, _place.Answered);
    }

    private async Task<JsonNode> AnswerAsync(params string[] args) => await _place.RunJsonAsync(args);

    private static IEnumerable<Command> Leaves(Command command) => command.Hidden ? []
        : command.Subcommands.Count == 0 || JsonAnswer.NameOf(command) is "worker" ? [command, .. command.Subcommands.SelectMany(Leaves)]
        : command.Subcommands.SelectMany(Leaves);

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject map => [map, .. map.SelectMany(property => Objects(property.Value))],
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };

    [GeneratedRegex(@"^\$ seqsweep (?<line>.*?) +# [a-z, ]*json, exit code [03]\n[\[{]", RegexOptions.Multiline)]
    private static partial Regex GoldenPattern();
}
