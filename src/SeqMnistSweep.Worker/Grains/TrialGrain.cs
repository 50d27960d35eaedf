using Orleans.Placement;
using SeqMnistSweep.Files;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.TrialInputs;
using SeqMnistSweep.Worker.Runners;
using SeqMnistSweep.Worker.Slots;

namespace SeqMnistSweep.Worker.Grains;

/// <summary>One attempt of a trial, from its grant until the head has acknowledged how it ended: it waits for a slot, fetches its inputs,
/// trains in a runner, reports, hears verdicts, gives its slot back or stops when asked, and always reports an end. Whatever waits leaves
/// the grain free for other calls; what comes from other threads becomes a turn of the grain, so its fields need no lock.</summary>
[PinnedPlacement, Immovable, KeepAlive]
internal sealed class TrialGrain(WorkerCore core, WorkerEquipment equipment) : Grain, ITrialGrain, IAttempt
{
    /// <summary>As many epochs as a trial can have, each with a checkpoint: reports stay in memory until the head has them.</summary>
    private const int MaxReports = 2 * EpochReport.MaxEpoch;

    private readonly WorkerOptions _options = equipment.Options;
    private TrialGrant _grant = null!;
    private FunctionRun? _function;
    private volatile TrialProgress? _progress;
    private volatile DeviceMemoryWatch? _deviceMemory;
    private int _reports;
    private bool _givesBack;
    private string? _stopReason;

    /// <summary>How long it has to end; that of a verdict stands. Null while it has not been told to.</summary>
    private TimeSpan? _grace;

    /// <summary>To the runner; null before and after it has the trial.</summary>
    private Action<RunnerCommand>? _send;

    /// <summary>Gives up what is being fetched; null when nothing is.</summary>
    private Action? _cancelInputs;

    /// <summary>Kills the runner after a time; null without one.</summary>
    private Action<TimeSpan>? _killAfter;

    public TrialProgress? Progress => _progress;

    public long? DeviceMemory => _deviceMemory?.Peak;

    public Task Start(TrialGrant grant)
    {
        if (_grant is not null) return Task.CompletedTask;

        _grant = grant;
        equipment.Hold(grant.Trial);
        if (FunctionRun.Takes(grant, _options))
        {
            _function = new FunctionRun(grant with { Device = _options.Device }, equipment.Time);
            _send = _function.Send;
            _ = HearAsync(_function);
        }

        if (!core.Begin(grant, this))
        {
            ((IAttempt)this).Forget();
        }

        return Task.CompletedTask;
    }

    public Task<TrialProgress?> GetProgress()
    {
        if (_grant is null)
        {
            DeactivateOnIdle();
        }

        return Task.FromResult(_progress);
    }

    void IAttempt.Enter(int slot)
    {
        if (_function is { } function)
        {
            // At once, on the slot's own thread: a turn of the grain in between would take longer than the function.
            equipment.Slots[slot].Thread.Run(() => Run(function));
        }
        else
        {
            InTurn(() => _ = RunAsync(equipment.Slots[slot]));
        }
    }

    void IAttempt.Decide(int epoch, Verdict verdict) => InTurn(() =>
    {
        _send?.Invoke(new RunnerCommand.Decide(epoch, verdict));
        if (verdict != Verdict.Continue)
        {
            _grace = _options.PruneGraceOf(_grant);
        }
    });

    void IAttempt.GiveBack() => InTurn(() =>
    {
        if (!_givesBack)
        {
            _givesBack = true;
            _cancelInputs?.Invoke();
            _send?.Invoke(new RunnerCommand.Drain());
        }
    });

    void IAttempt.Stop(string reason) => InTurn(() =>
    {
        if (_stopReason is null)
        {
            _stopReason = reason;
            _cancelInputs?.Invoke();
            _send?.Invoke(new RunnerCommand.Stop());
            _killAfter?.Invoke(_grace ??= _options.StopGraceOf(_grant));
        }
    });

    void IAttempt.Forget()
    {
        equipment.Release(_grant.Trial);
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "the head knows how it ended"));
    }

    /// <summary>On the slot's thread. The slot is left before the last event is heard, so that the next function need not wait.</summary>
    private void Run(FunctionRun function)
    {
        core.Starts(_grant.Trial, _grant.Lease);
        var last = function.Run();
        core.Leave(_grant.Trial, _grant.Lease);
        function.End(last);
    }

    private async Task HearAsync(FunctionRun function)
    {
        while (!Hear(await function.Events.ReadAsync()))
        {
        }
    }

    private async Task RunAsync(Slot slot)
    {
        using var inputs = new CancellationTokenSource();
        using var killed = new CancellationTokenSource();
        (_cancelInputs, _killAfter) = (inputs.Cancel, killed.CancelAfter);
        slot.IsBusy = true;
        try
        {
            var data = await equipment.Inputs.ResolveAsync(_grant, inputs.Token);
            if (_grant.Alone)
            {
                // Warm runners keep their part of the device's memory.
                await Task.WhenAll(equipment.Slots.Select(each => each.RecycleAsync()));
            }
            else if (core.GpuNeedOf(_grant) is > 0 and var needed)
            {
                await equipment.MakeRoomAsync(slot, needed);
            }

            var runner = await slot.RunnerAsync(_grant);
            Begin(runner, data);
            if (!await ConverseAsync(slot, runner, killed.Token))
            {
                await slot.RecycleAsync();
            }
        }
        catch (OperationCanceledException) when (inputs.IsCancellationRequested)
        {
            Report(_stopReason is null ? new AttemptEvent.Released("never started: its slot is wanted") : new AttemptEvent.Stopped());
        }
        catch (CheckpointLostException lost)
        {
            Report(new AttemptEvent.CheckpointLost(lost.Checkpoint, lost.Message));
        }
        catch (InputMissingException missing)
        {
            Report(new AttemptEvent.Failed(missing.Cause, missing.Message));
        }
        // An attempt that vanished without a word would be waited for as long as its worker lives.
        catch (Exception error)
        {
            var type = error is RunnerStartException or IOException or UnauthorizedAccessException ? "" : $"{error.GetType().Name}: ";
            Report(new AttemptEvent.Failed(FailureCause.Crashed, type + error.Message));
            await slot.RecycleAsync();
        }
        finally
        {
            (_send, _cancelInputs, _killAfter) = (null, null, null);
            slot.IsBusy = false;
            core.Leave(_grant.Trial, _grant.Lease);
        }
    }

    private void Begin(ProcessRunner runner, string? dataFolder)
    {
        var folder = Path.Combine(_options.CheckpointFolder, _grant.Trial.Sweep.Value, $"{_grant.Trial.Number}");
        PrivateFile.CreateMissingFolders(folder);
        runner.LogTo(TrialLog.PathOf(_options, _grant.Trial, _grant.Attempt));
        TrialAssignment assignment = _grant with
        {
            CheckpointFolder = folder,
            OutputFolder = _options.OutputFolderOf(_grant.Trial),
            DataFolder = dataFolder,
            Device = TrainableCatalog.Find(_grant.Program) is not null ? _options.TrainableDevice
                : _options.GpuIds.IsEmpty ? _options.Device : "cuda:0",
        };
        runner.Send(new RunnerCommand.Start(assignment));
        (_send, _cancelInputs) = (runner.Send, null);
        if (_givesBack)
        {
            runner.Send(new RunnerCommand.Drain());
        }

        if (_stopReason is not null)
        {
            runner.Send(new RunnerCommand.Stop());
        }
    }

    /// <summary>Hears the runner until the attempt has ended: by its own word, by its time, by a kill, or with its process.</summary>
    /// <returns>Whether the slot's runner, if any is left, can take the next trial.</returns>
    private async Task<bool> ConverseAsync(Slot slot, ProcessRunner runner, CancellationToken killed)
    {
        var began = equipment.Time.GetUtcNow();
        using var memory = new MemoryWatch(runner, _options.SlotMemoryLimit, equipment.Time);
        using var deviceMemory = _options.GpuIds.IsEmpty
            ? null
            : new DeviceMemoryWatch(() => Nvml.Memory(_options.GpuIds, ProcessTree.Of(runner.Id)), equipment.Time);
        _deviceMemory = deviceMemory;
        using var limit = _grant.TrialTime is { } allowed && allowed <= Timers.Max
            ? new CancellationTokenSource(allowed, equipment.Time)
            : new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, killed);
        AttemptEvent last;
        try
        {
            await foreach (var happened in runner.Messages.ReadAllAsync(ended.Token))
            {
                if (equipment.Guard.Suspects(happened))
                {
                    await slot.RecycleAsync();
                    Hear(await equipment.JudgeAsync(happened, slot, began));
                    return true;
                }

                if (Hear(happened))
                {
                    return runner.StaysWarm && happened is AttemptEvent.Completed or AttemptEvent.Stopped or AttemptEvent.Released;
                }
            }

            last = memory.EndOf(await runner.ExitAsync());
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await StopOverdueAsync(runner);
            last = Timers.Overdue(_grant);
        }
        catch (OperationCanceledException) when (killed.IsCancellationRequested)
        {
            last = new AttemptEvent.Killed($"did not stop in {_grace?.TotalSeconds:0.#} s: {_stopReason ?? "a verdict ended it"}");
        }

        await slot.RecycleAsync();
        Report(await equipment.JudgeAsync(last, slot, began));
        return true;
    }

    /// <summary>A trial past its time may put its things in order like any that is told to stop; what it says no longer counts.</summary>
    private async Task StopOverdueAsync(ProcessRunner runner)
    {
        runner.Send(new RunnerCommand.Stop());
        using var grace = new CancellationTokenSource(_options.StopGraceOf(_grant), equipment.Time);
        try
        {
            await foreach (var happened in runner.Messages.ReadAllAsync(grace.Token))
            {
                if (happened.EndsAttempt) return;
            }
        }
        catch (OperationCanceledException)
        {
            // It is killed.
        }
    }

    /// <summary>Takes in what the runner says. JSON may lack what a record demands; such an event is passed over.</summary>
    /// <returns>Whether the attempt has ended.</returns>
    private bool Hear(AttemptEvent said)
    {
        if (said is AttemptEvent.Reported or AttemptEvent.Checkpointed or AttemptEvent.Described && ++_reports > MaxReports)
        {
            said = new AttemptEvent.Failed(
                FailureCause.Crashed, $"it reported more than {MaxReports} times: no trial has as many epochs and checkpoints");
        }

        switch (said)
        {
            case AttemptEvent.Described { Facts: null }
                or AttemptEvent.Reported { Metrics: null } or AttemptEvent.Checkpointed { Checkpoint: null }:
                return false;
            case AttemptEvent.Progressed(var progress):
                _progress = progress;
                return false;
            case AttemptEvent.Started when _function is null:
                core.Starts(_grant.Trial, _grant.Lease);
                said = new AttemptEvent.Started(_options.DeviceText);
                break;
            case AttemptEvent.Described described when !_options.DeviceFacts.IsEmpty:
                // What the attempt itself says of its GPU stands.
                said = described with { Facts = _options.DeviceFacts.SetItems(described.Facts) };
                break;
            case AttemptEvent.Reported reported when _deviceMemory is { } watch:
                said = reported with { Report = watch.AddTo(reported.Report) };
                break;
            case AttemptEvent.Released:
                said = new AttemptEvent.Released("drained");
                break;
            case AttemptEvent.Failed { Message: null } failed:
                said = failed with { Message = "it gave no reason" };
                break;
        }

        Report(said);
        return said.EndsAttempt;
    }

    private void Report(AttemptEvent happened) => core.Report(_grant.Trial, _grant.Lease, happened);

    private void InTurn(Action step) => GrainContext.Scheduler.QueueAction(step);
}
