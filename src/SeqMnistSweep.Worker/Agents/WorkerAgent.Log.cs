using Microsoft.Extensions.Logging;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

internal sealed partial class WorkerAgent
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The head does not answer ({Reason}); running trials go on, their reports are kept.")]
    private partial void LogHeadIsAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The head answers again.")]
    private partial void LogHeadIsBack();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint of trial {Trial} is not kept: {Reason}. The report counts without it.")]
    private partial void LogNotStored(TrialId trial, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Folder} holds files that are not this worker's; nothing in it is deleted. Name an empty folder for the worker's checkpoints.")]
    private partial void LogSpoolIsStrange(string folder);
}
