using Microsoft.Extensions.Logging;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Runners;
using SeqMnistSweep.Worker.TrialInputs;

namespace SeqMnistSweep.Worker.Slots;

/// <summary>What the trials of a worker use: its slots, its way to the head's files, and its folders of what is on its way.</summary>
internal sealed partial class WorkerEquipment
{
    private readonly ILogger<WorkerEquipment> _logger;
    private readonly IReadOnlyList<CheckpointSpool> _spools = [];
    private readonly TrialFiles? _files;
    private bool _saidTrouble;

    public WorkerEquipment(WorkerOptions options, TimeProvider time, ILogger<WorkerEquipment> logger)
    {
        (Options, Time, _logger) = (options, time, logger);
        var head = options.HeadUrl is { } url ? new HeadFiles(HeadFiles.CreateClient(url, options.HeadToken, options.HeadTls), time) : null;
        if (head is not null)
        {
            var checkpoints = CheckpointSpool.Open(options.CheckpointFolder, LogSpoolIsStrange);
            Upload = (trial, checkpoint, cancellation) => UploadAsync(head, checkpoints, trial, checkpoint, cancellation);
            _files = new TrialFiles(options, head, LogFilesNotStored);
            _spools = [checkpoints, CheckpointSpool.Open(options.OutputFolder, LogSpoolIsStrange)];
        }

        Inputs = new TrialInputResolver(options, head, _files, new DatasetFetcher(options, head, time));
        Slots = [.. Enumerable.Range(0, options.Slots).Select(slot => new Slot(options.OfSlot(slot)))];
        Memory = new MemoryMeter(
            () => DeviceMemoryReading.WithOwn(
                options.GpuIds, [.. Slots.Select(slot => slot.Process).Where(process => process > 0).SelectMany(ProcessTree.Of)]),
            time);
        Watch = options.GpuIds.IsEmpty ? null
            : new GpuWatch(new GpuReader(options.GpuIds).Read, time) { Faulted = fault => _ = SuspectAsync(fault) };
        Func<CancellationToken, Task<string?>> test =
            cancellation => DeviceCheck.ProblemAsync(options.RunnerCommand, options.GpuIds, cancellation);
        Guard = new DeviceGuard(options.GpuIds.IsEmpty ? null : test, time);
    }

    public WorkerOptions Options { get; }

    public TimeProvider Time { get; }

    public IReadOnlyList<Slot> Slots { get; }

    public TrialInputResolver Inputs { get; }

    /// <summary>Null when head and worker share their folders.</summary>
    public ITrialFiles? Files => _files;

    /// <summary>Null when head and worker share the folder of checkpoints.</summary>
    public UploadCheckpoint? Upload { get; }

    public MemoryMeter Memory { get; }

    public DeviceGuard Guard { get; }

    /// <summary>Null on a CPU.</summary>
    public GpuWatch? Watch { get; }

    /// <summary>An attempt of the trial is here: its files stay.</summary>
    public void Hold(TrialId trial)
    {
        foreach (var spool in _spools)
        {
            spool.Hold(trial);
        }
    }

    /// <summary>An attempt of the trial has ended, and the head has what it told.</summary>
    public void Release(TrialId trial)
    {
        foreach (var spool in _spools)
        {
            if (spool.Release(trial))
            {
                _files!.Forget(trial);
            }
        }
    }

    /// <summary>The same end, a lost attempt where MPS ended it, or <see cref="FailureCause.Device"/> where a GPU of its slot had a fault or
    /// fails its test.</summary>
    /// <param name="began">When the attempt did.</param>
    public async Task<AttemptEvent> JudgeAsync(AttemptEvent ended, Slot slot, DateTimeOffset began)
    {
        if (Options.Mps is not { } mps || MpsFailure.Judge(ended, !mps.IsAlive()) is not AttemptEvent.Killed lost)
        {
            var fault = Watch is not null && Guard.Suspects(ended) ? await Watch.TroubleSinceAsync(began, slot.GpuIds) : null;
            return await Guard.JudgeAsync(ended, fault);
        }

        await mps.Look();
        return lost;
    }

    /// <summary>The device does not work, or works again: said where the worker runs.</summary>
    /// <param name="trouble">Null when it does.</param>
    public void Tell(string? trouble)
    {
        if (trouble is null)
        {
            LogDeviceWorks();
        }
        else if (!_saidTrouble)
        {
            LogDeviceIsBroken(trouble);
        }

        _saidTrouble = trouble is not null;
    }

    private async Task SuspectAsync(string fault)
    {
        if (await Guard.TestAsync(fault) is null)
        {
            LogFault(fault);
        }
    }

    /// <summary>Ends idle runners of other slots where their GPU has less memory free than a trial needs: they keep what they had.</summary>
    /// <param name="slot">The trial's.</param>
    /// <param name="needed">Bytes.</param>
    public async Task MakeRoomAsync(Slot slot, long needed)
    {
        var others = Slots.Where(other => other != slot && other is { IsBusy: false, Process: > 0 }
            && other.GpuIds.Intersect(slot.GpuIds).Any()).ToList();
        if (others.Count > 0 && await Task.Run(() => DeviceMemoryReading.Of(slot.GpuIds, [])) is { } memory
            && memory.Total - memory.Used < needed)
        {
            await Task.WhenAll(others.Select(other => other.RecycleIdleAsync()));
        }
    }

    /// <summary>Ends every runner, by force where an attempt is still in it.</summary>
    public Task EndAsync()
    {
        Guard.Dispose();
        return Task.WhenAll(Slots.Select(slot => slot.EndAsync()));
    }

    private async Task<bool> UploadAsync(
        HeadFiles head, CheckpointSpool spool, TrialId trial, CheckpointFile checkpoint, CancellationToken cancellation)
    {
        try
        {
            var path = HeadFiles.PathOf(trial, checkpoint);
            if (await head.UploadAsync(path, spool.PathOf(trial, checkpoint), cancellation) is not { } refusal)
            {
                spool.Supersede(trial, checkpoint);
                return true;
            }

            LogNotStored(trial, refusal.Reason);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The driver tells of {Fault}. The GPU passes its test, so trials go on.")]
    private partial void LogFault(string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The device does not work, no trials begin here until it does: {Trouble}.")]
    private partial void LogDeviceIsBroken(string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "The device works again; trials may begin.")]
    private partial void LogDeviceWorks();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files of trial {Trial} stay here, the head does not take them: {Reason}.")]
    private partial void LogFilesNotStored(TrialId trial, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Folder} holds files that are not this worker's; nothing in it is "
        + "deleted. Name an empty folder for the worker.")]
    private partial void LogSpoolIsStrange(string folder);
}
