using Microsoft.Extensions.Logging;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Runners;
using SeqMnistSweep.Worker.TrialInputs;

namespace SeqMnistSweep.Worker.Slots;

/// <summary>What the trials of a worker use: its slots, its way to the head's files, and its folder of checkpoints on their way.</summary>
internal sealed partial class WorkerEquipment
{
    private readonly ILogger<WorkerEquipment> _logger;

    public WorkerEquipment(WorkerOptions options, TimeProvider time, ILogger<WorkerEquipment> logger)
    {
        (Options, Time, _logger) = (options, time, logger);
        var head = options.HeadUrl is { } url ? new HeadFiles(HeadFiles.CreateClient(url, options.HeadToken, options.HeadTls), time) : null;
        if (head is not null)
        {
            Spool = CheckpointSpool.Open(options.CheckpointFolder, LogSpoolIsStrange);
            Upload = (trial, checkpoint, cancellation) => UploadAsync(head, Spool, trial, checkpoint, cancellation);
        }

        Inputs = new TrialInputResolver(options, head, new DatasetFetcher(options, head, time));
        Slots = [.. Enumerable.Range(0, options.Slots).Select(_ => new Slot(options))];
        Memory = new MemoryMeter(
            () => DeviceMemoryReading.Of(
                options.GpuId, Slots.Select(slot => slot.Process).Where(process => process > 0).SelectMany(ProcessTree.Of)),
            time);
    }

    public WorkerOptions Options { get; }

    public TimeProvider Time { get; }

    public IReadOnlyList<Slot> Slots { get; }

    public TrialInputResolver Inputs { get; }

    /// <summary>Null when head and worker share the folder of checkpoints.</summary>
    public CheckpointSpool? Spool { get; }

    /// <summary>Null when head and worker share the folder of checkpoints.</summary>
    public UploadCheckpoint? Upload { get; }

    public MemoryMeter Memory { get; }

    /// <summary>Ends every runner, by force where an attempt is still in it.</summary>
    public Task EndAsync() => Task.WhenAll(Slots.Select(slot => slot.EndAsync()));

    private async Task<bool> UploadAsync(
        HeadFiles head, CheckpointSpool spool, TrialId trial, CheckpointFile checkpoint, CancellationToken cancellation)
    {
        try
        {
            var path = HeadFiles.PathOf(trial, checkpoint.Digest);
            if (await head.UploadAsync(path, spool.PathOf(trial, checkpoint), cancellation) is not { } reason)
            {
                spool.Supersede(trial, checkpoint);
                return true;
            }

            LogNotStored(trial, reason);
        }
        catch (IOException error)
        {
            LogNotStored(trial, error.Message);
        }

        return false;
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A checkpoint of trial {Trial} is not kept: {Reason}. The report counts without it.")]
    private partial void LogNotStored(TrialId trial, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Folder} holds files that are not this worker's; nothing in it is "
        + "deleted. Name an empty folder for the worker's checkpoints.")]
    private partial void LogSpoolIsStrange(string folder);
}
