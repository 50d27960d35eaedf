using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SeqMnistSweep.Cli.Mcp;

/// <summary>What an agent may call: each tool runs the verb of this program with <c>-o json</c> in this process, so that it can do what
/// the verb can and no more. A tool takes no path: a sweep file comes as its text.</summary>
/// <param name="run">Runs a command line.</param>
/// <param name="database">The database that was named with <c>--db</c>; null without.</param>
/// <param name="head">The head that was named with <c>--head</c>; null without.</param>
internal sealed class SweepTools(
    Func<string[], CommandContext, CancellationToken, Task<int>> run, CommandContext context, string? database, string? head)
{
    public const string Submitting = "submit";
    public const string Enqueuing = "enqueue";

    private const string Result = "result";
    private const string SweepText = "id of the sweep, the beginning of it, or @last; the newest without one";

    private readonly string?[] _onHead = [Option("--head", head)];
    private readonly string?[] _anywhere = [Option("--db", database), Option("--head", head)];

    /// <param name="allowed"><see cref="Submitting"/>, <see cref="Enqueuing"/>, both, or none: those that change something.</param>
    public McpServerPrimitiveCollection<McpServerTool> Offered(IReadOnlyCollection<string> allowed)
    {
        var tools = new McpServerPrimitiveCollection<McpServerTool>
        {
            Tool("plan", "plan", PlanAsync, "What a sweep file would run: its errors, how many trials, what is infeasible, what it costs."),
            Tool("wait", "wait", WaitAsync, "Waits until a sweep has ended; error not_finished when it takes longer: call it again."),
            Tool("leaderboard", "leaderboard", LeaderboardAsync, "The configurations of a sweep, the best first."),
            Tool("why", "show", WhyAsync, "One trial, or one sweep, in full: why it is in its state, attempts, reports, failures, events."),
        };
        if (allowed.Contains(Submitting))
        {
            tools.Add(Tool("submit", "submit", SubmitAsync, "Starts a sweep on the workers of the head.", changes: true));
        }

        if (allowed.Contains(Enqueuing))
        {
            tools.Add(Tool("enqueue", "enqueue", EnqueueAsync, "Asks a sweep to try one configuration next.", changes: true));
        }

        return tools;
    }

    private Task<CallToolResult> PlanAsync(
        [Description("the text of the sweep file, YAML")] string file,
        [Description("how many of the first configurations to list")] int? show = null,
        [Description("trials at the same time, for the estimate")] int? slots = null,
        CancellationToken stop = default) =>
        RunAsync("plan", [.. _anywhere, Option("--show", show), Option("--slots", slots)], ["-"], file, stop);

    private Task<CallToolResult> SubmitAsync(
        [Description("the text of the sweep file, YAML")] string file,
        [Description("a name for this submission: with the same one again the first sweep is found")] string? key = null,
        [Description("at most so many configurations")] int? count = null,
        [Description("start nothing before somebody resumes it")] bool paused = false,
        CancellationToken stop = default) =>
        RunAsync(
            "submit", [.. _onHead, Option("--key", key), Option("--count", count), paused ? "--paused" : null], ["-"], file, stop);

    private Task<CallToolResult> WaitAsync(
        [Description(SweepText)] string? sweep = null,
        [Description("done, running, or a bound for the best value such as metric>=0.98")] string @for = "done",
        [Description("how long at most, such as 50s or 10m")] string timeout = "50s",
        CancellationToken stop = default) =>
        RunAsync("wait", [.. _anywhere, Option("--for", @for), Option("--timeout", timeout)], [sweep], "", stop);

    private Task<CallToolResult> LeaderboardAsync(
        [Description(SweepText)] string? sweep = null,
        [Description("rows at most; 0 for all")] int top = 20,
        [Description("only configurations like that, such as levels >= 8 and lr < 1e-3")] string? where = null,
        CancellationToken stop = default) =>
        RunAsync("leaderboard", [.. _anywhere, Option("--top", top), Option("--where", where)], [sweep], "", stop);

    private Task<CallToolResult> WhyAsync(
        [Description("SWEEP/NUMBER for a trial, SWEEP for a sweep, such as @last/3")] string id,
        [Description("the last so many events")] int events = 10,
        CancellationToken stop = default) =>
        RunAsync("show", [.. _anywhere, Option("--events", events)], [id], "", stop);

    private Task<CallToolResult> EnqueueAsync(
        [Description("id of the sweep, the beginning of it, or @last")] string sweep,
        [Description("a value for each parameter; those with one value or a default may be left out")]
        Dictionary<string, JsonElement> values,
        [Description("why, for the event log")] string? reason = null,
        CancellationToken stop = default) =>
        RunAsync(
            "enqueue", [.. _anywhere, Option("--reason", reason)], [sweep, .. values.Select(value => $"{value.Key}={value.Value}")], "",
            stop);

    private static StrictTool Tool(string name, string verb, Delegate call, string what, bool changes = false) =>
        new StrictTool(McpServerTool.Create(call, new McpServerToolCreateOptions
        {
            Name = name,
            Description = what,
            ReadOnly = !changes,
            Destructive = false,
            OpenWorld = false,
            UseStructuredContent = true,
            OutputSchema = SchemaOf(verb),
        }));

    /// <summary>What the verb writes, in an object: clients of before July 2026 take nothing else.</summary>
    private static JsonElement SchemaOf(string verb)
    {
        var answer = JsonNode.Parse(AnswerSchema.Find(verb)!)!.AsObject();
        answer.Remove("$schema");
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [Result] = answer },
            ["required"] = new JsonArray(Result),
        });
    }

    /// <summary>A value is never taken for an option: it stands in the same word as its option's name, or behind <c>--</c>.</summary>
    private async Task<CallToolResult> RunAsync(
        string verb, IEnumerable<string?> given, IEnumerable<string?> arguments, string input, CancellationToken stop)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var within = context with { In = new StringReader(input), Out = output, Error = error };
        var code = await run([verb, "-o", "json", .. given.OfType<string>(), "--", .. arguments.OfType<string>()], within, stop);
        var (answer, said) = (output.ToString(), error.ToString().TrimEnd());
        return new CallToolResult
        {
            IsError = code != ExitCodes.Ok,
            Content = [.. new[] { answer, said }.Where(text => text.Length > 0).Select(text => new TextContentBlock { Text = text })],
            StructuredContent = code == ExitCodes.Ok
                ? JsonSerializer.SerializeToElement(new JsonObject { [Result] = JsonNode.Parse(answer) })
                : null,
        };
    }

    private static string? Option(string name, object? value) =>
        value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
