using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SeqMnistSweep.Cli.Mcp;

/// <summary>A tool that says what is wrong with its arguments, and refuses one that it does not know: a misspelt <c>paused</c> must not
/// start a sweep.</summary>
internal sealed class StrictTool(McpServerTool inner) : DelegatingMcpServerTool(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        var known = ProtocolTool.InputSchema.GetProperty("properties").EnumerateObject().Select(argument => argument.Name).ToList();
        if (request.Params?.Arguments?.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            return Refuse($"{ProtocolTool.Name} takes no '{unknown}'", $"it takes {string.Join(", ", known)}");
        }

        try
        {
            return await base.InvokeAsync(request, cancellationToken);
        }
        catch (Exception error) when (error is ArgumentException or JsonException)
        {
            return Refuse(error.Message, null);
        }
    }

    private static CallToolResult Refuse(string message, string? hint)
    {
        var error = new JsonObject { ["code"] = ExitCodes.Name(ExitCodes.Usage), ["message"] = message, ["hint"] = hint };
        return new CallToolResult
        {
            IsError = true,
            Content = [new TextContentBlock { Text = TableOutput.ToText(new JsonObject { ["error"] = error }, indented: false) }],
        };
    }
}
