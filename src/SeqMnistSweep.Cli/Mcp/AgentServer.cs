using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SeqMnistSweep.Cli.Mcp;

/// <summary>Serves one agent over standard input and output.</summary>
internal static class AgentServer
{
    /// <summary>Until the agent closes standard input.</summary>
    public static async Task ServeAsync(SweepTools tools, IReadOnlyCollection<string> allowed, CancellationToken stop)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = CommandContext.SeqSweep, Version = ProgramVersion.Number },
            ServerInstructions = "Searches hyperparameters. plan a sweep file before it is submitted; wait for the sweep; "
                + "read its leaderboard; ask why a trial failed.",
            ToolCollection = tools.Offered(allowed),
        };
        await using var transport = new StdioServerTransport(options);
        await using var server = McpServer.Create(transport, options);
        await server.RunAsync(stop);
    }
}
