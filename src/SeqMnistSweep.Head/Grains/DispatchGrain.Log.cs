using Microsoft.Extensions.Logging;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

internal sealed partial class DispatchGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Worker} joined: {Device}, {Slots} slot(s).")]
    private partial void LogJoined(string worker, string device, int slots);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} lease(s) of {Workers} ended without a word; their trials go back to the queue.")]
    private partial void LogLost(int count, string workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} drains worker {Worker}: {Reason}")]
    private partial void LogDrained(string worker, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} lets worker {Worker} take trials again: {Reason}")]
    private partial void LogUndrained(string worker, string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} is quarantined: {Reason}")]
    private partial void LogQuarantined(string worker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} is at fault, which could not be stored.")]
    private partial void LogNotQuarantined(Exception error, string worker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is known of worker {Worker} could not be stored.")]
    private partial void LogWorkerNotStored(Exception error, string worker);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep} does not answer; it is asked again and again.")]
    private partial void LogSweepDoesNotAnswer(Exception error, SweepId sweep);
}
