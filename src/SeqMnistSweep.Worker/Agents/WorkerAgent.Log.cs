using Microsoft.Extensions.Logging;

namespace SeqMnistSweep.Worker.Agents;

internal sealed partial class WorkerAgent
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The head does not answer ({Reason}); running trials go on, their reports are kept.")]
    private partial void LogHeadIsAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The head answers again.")]
    private partial void LogHeadIsBack();
}
