using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using NJsonSchema;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Mcp;

/// <summary>The program as an agent starts it: a process that speaks MCP on its standard streams, at a head in this process.</summary>
public sealed class McpCommandTests : IAsyncLifetime, IDisposable
{
    private const string File = "program: noop\nmethod: grid\nmetric: {name: value, goal: minimize}\nparameters:\n  x0: {values: [0.1, 0.2]}\n";

    private readonly Workplace _place = new();
    private TestHead _head = null!;

    public async Task InitializeAsync()
    {
        await SeededResults.WriteAsync(_place.Database);
        _head = await TestHead.StartAsync(_place.Database);
        _place.Variables["SEQSWEEP_HEAD"] = _head.Url;
    }

    public async Task DisposeAsync() => await _head.DisposeAsync();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task It_only_reads_unless_more_is_allowed()
    {
        await using var agent = await StartAsync();
        var tools = await agent.ListToolsAsync();

        Assert.Equal(["leaderboard", "plan", "wait", "why"], tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations!.ReadOnlyHint));
        await Assert.ThrowsAsync<McpProtocolException>(async () => await agent.CallToolAsync("submit", new Dictionary<string, object?> { ["file"] = File }));
    }

    [Fact]
    public async Task A_tool_answers_as_its_verb_does()
    {
        await using var agent = await StartAsync();

        Assert.Equal(await ResultAsync(agent, "leaderboard", ("sweep", "tcn-done"), ("where", "levels < 8")), await VerbAsync("leaderboard", "tcn-done", "--where", "levels < 8"));
        Assert.Equal(await ResultAsync(agent, "why", ("id", "tcn-done/3")), await VerbAsync("show", "tcn-done/3"));
        Assert.Equal(await ResultAsync(agent, "wait", ("sweep", "tcn-done")), await VerbAsync("wait", "tcn-done"));
        _place.Input = File;
        Assert.Equal(await ResultAsync(agent, "plan", ("file", File), ("show", 1)), await VerbAsync("plan", "-", "--show", "1"));
    }

    [Fact]
    public async Task What_goes_wrong_is_told_with_its_code()
    {
        await using var agent = await StartAsync();

        Assert.Contains("\"code\":\"not_found\"", await ErrorAsync(agent, "why", ("id", "nosuch/1")), StringComparison.Ordinal);
        Assert.Contains("\"code\":\"not_finished\"", await ErrorAsync(agent, "wait", ("sweep", "tcn-live"), ("timeout", "1ms")), StringComparison.Ordinal);
        Assert.Contains("stdin.yaml:1:9", await ErrorAsync(agent, "plan", ("file", "method: gird\nparameters: {x: {values: [1]}}\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("submit takes no 'pausd'", "submit", "file", File, "pausd", true)]
    [InlineData("'file'", "submit", "paused", true)]
    [InlineData("System.Int32", "leaderboard", "top", "many")]
    public async Task Wrong_arguments_are_refused_in_words_and_start_nothing(string message, string tool, params object[] given)
    {
        await using var agent = await StartAsync("--allow", "submit");
        var before = (await _place.RunJsonAsync("list")).AsArray().Count;
        var said = await ErrorAsync(agent, tool, [.. given.Chunk(2).Select(one => ((string)one[0], (object?)one[1]))]);

        Assert.Contains("\"code\":\"usage\"", said, StringComparison.Ordinal);
        Assert.Contains(message, (string)JsonNode.Parse(said)!["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(before, (await _place.RunJsonAsync("list")).AsArray().Count);
    }

    [Theory]
    [InlineData("leaderboard", "sweep", "--db=/etc/passwd")]
    [InlineData("why", "id", "--config")]
    [InlineData("wait", "sweep", "--head=http://192.0.2.1")]
    public async Task No_value_is_taken_for_an_option(string tool, string name, string value)
    {
        await using var agent = await StartAsync();
        var said = await ErrorAsync(agent, tool, (name, value));
        Assert.Contains("\"code\":\"not_found\"", said, StringComparison.Ordinal);
        Assert.Contains(value, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_allowed_it_does_at_the_head()
    {
        await using var agent = await StartAsync("--allow", "submit", "--allow", "enqueue");
        var tools = await agent.ListToolsAsync();
        Assert.Equal(["enqueue", "submit"], tools.Where(tool => tool.ProtocolTool.Annotations!.ReadOnlyHint is false).Select(tool => tool.Name).Order(StringComparer.Ordinal));

        var submitted = JsonNode.Parse(await ResultAsync(agent, "submit", ("file", File), ("paused", true), ("key", "once")))!;
        Assert.Equal("paused", (string)submitted["state"]!);
        var again = JsonNode.Parse(await ResultAsync(agent, "submit", ("file", File), ("key", "once")))!;
        Assert.Equal(((string)submitted["sweep"]!, true), ((string)again["sweep"]!, (bool)again["found"]!));

        var enqueued = JsonNode.Parse(await ResultAsync(
            agent, "enqueue", ("sweep", (string)submitted["sweep"]!), ("values", new Dictionary<string, object> { ["x0"] = 0.2 }), ("reason", "a hunch")))!;
        var trial = await _place.RunJsonAsync("show", (string)enqueued["trials"]![0]!);
        Assert.Equal(0.2, (double)trial["params"]!["x0"]!);
        Assert.Contains("a hunch", (string)trial["origin"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_roles_of_the_head_hold_besides()
    {
        var token = (string)(await _place.RunJsonAsync("token", "create", "agent", "--role", "viewer"))["token"]!;
        _place.Variables["SEQSWEEP_TOKEN"] = token;
        await using var agent = await StartAsync("--allow", "submit");

        Assert.NotEmpty(await ResultAsync(agent, "leaderboard", ("sweep", "tcn-done")));
        Assert.Contains("\"code\":\"not_allowed\"", await ErrorAsync(agent, "submit", ("file", File)), StringComparison.Ordinal);
    }

    private async Task<McpClient> StartAsync(params string[] allowed) => await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
    {
        Command = SeqSweepProgram.File,
        Arguments = ["mcp", .. allowed],
        WorkingDirectory = _place.Folder,
        EnvironmentVariables = _place.Variables.ToDictionary(variable => variable.Key, string? (variable) => variable.Value),
    }));

    private async Task<string> VerbAsync(params string[] args) => (await _place.RunJsonAsync(args)).ToJsonString();

    private static async Task<string> ResultAsync(McpClient agent, string tool, params (string Name, object? Value)[] given)
    {
        var answer = await CallAsync(agent, tool, given);
        Assert.True(answer.IsError is not true, Text(answer));
        var schema = (await agent.ListToolsAsync()).Single(known => known.Name == tool).ProtocolTool.OutputSchema!.Value;
        Assert.Empty((await JsonSchema.FromJsonAsync(schema.GetRawText())).Validate(answer.StructuredContent!.Value.GetRawText()));
        return JsonNode.Parse(answer.StructuredContent!.Value.GetRawText())!["result"]!.ToJsonString();
    }

    private static async Task<string> ErrorAsync(McpClient agent, string tool, params (string Name, object? Value)[] given)
    {
        var answer = await CallAsync(agent, tool, given);
        Assert.True(answer.IsError);
        return Text(answer);
    }

    private static async Task<CallToolResult> CallAsync(McpClient agent, string tool, (string Name, object? Value)[] given) =>
        await agent.CallToolAsync(tool, given.ToDictionary(one => one.Name, one => one.Value));

    private static string Text(CallToolResult answer) => string.Join('\n', answer.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
