using SeqMnistSweep.Cli.Mcp;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class McpCommand : Verb
{
    private readonly Option<string[]> _allow = Value<string[]>(
        "--allow", "TOOL", "submit or enqueue: offer it too; may be repeated. The head's roles hold besides");

    /// <param name="run">Runs a command line within this one.</param>
    public McpCommand(CommonOptions options, Func<string[], CommandContext, CancellationToken, Task<int>> run)
        : base("mcp", "let an AI agent look, over MCP on standard input", "Setup",
            ("seqsweep mcp", "plan, wait, leaderboard and why; for an agent's settings"),
            ("seqsweep mcp --allow submit --allow enqueue", "and those that change something"),
            ("seqsweep mcp --head http://gpu-head:8080", "of this head"))
    {
        _allow.AcceptOnlyFromAmong(SweepTools.Submitting, SweepTools.Enqueuing);
        this.Takes(_allow, options.Database, options.Head);
        SetAction((parsed, stop) => AgentServer.ServeAsync(
            new SweepTools(
                run, options.Context, parsed.GetResult(options.Database) is { Implicit: false } ? options.DatabasePath(parsed) : null,
                parsed.GetValue(options.Head)),
            parsed.GetValue(_allow) ?? [], stop));
    }
}
