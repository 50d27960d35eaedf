using System.Collections.Immutable;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>The grains of a head whose every answer is known: what commands say of them can be compared word by word.</summary>
internal sealed class FakeHead : IHeadLink, IHeadGrain
{
    public const string Log = "epoch 1: loss 0.52\nepoch 2: loss 0.31\nepoch 3: loss 0.27\n";

    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 30, 0, TimeSpan.Zero);

    public IHeadGrain Head => this;

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>How often a cancelled trial is still seen in a slot.</summary>
    public int SlotsBusyFor { get; set; }

    public SweepState State { get; set; } = SweepState.Running;

    public ISweepGrain Sweep(SweepId sweep) => new FakeSweep(this, sweep);

    public Task<SubmitReply> Submit(SubmitRequest request)
    {
        Asked.Add($"submit {request.FileName} key={request.Key} paused={request.Paused} new={request.New}");
        return Task.FromResult(new SubmitReply(SweepId.Parse("tcn-new1"), request.Key == "again", request.Paused ? SweepState.Paused : SweepState.Queued, request.Imported is { } imported ? $"{imported.Name} ({Plural.Of(imported.Trials.Length, "configuration")})" : request.Priors is not { IsDefaultOrEmpty: false } priors ? null : $"{string.Join(", ", priors)} (2 configurations)"));
    }

    public Task<ImmutableArray<FoundSweep>> FindSweeps(string reference) => Task.FromResult<ImmutableArray<FoundSweep>>([]);

    public Task<ImmutableArray<WorkerInfo>> GetWorkers()
    {
        var running = Asked.Any(asked => asked.StartsWith("cancel", StringComparison.Ordinal)) && SlotsBusyFor-- <= 0
            ? ImmutableArray<RunningAttempt>.Empty
            : [new RunningAttempt(TrialId.Parse("tcn-live/2"), 7, null)];
        return Task.FromResult<ImmutableArray<WorkerInfo>>(
        [
            Worker("gpu-1", WorkerState.Ready, "cuda:0", 2) with { Running = running, Tags = ["a100", "big"], IdleP50Ms = 1.5, IdleP99Ms = 7.25, Memory = new DeviceMemory(21L << 30, 79L << 30), Health = new DeviceHealth { Utilization = 87, EccErrors = 1, Xid = 94, Fault = "Xid 94, a memory error, contained to its program", FaultTime = Time.AddMinutes(-2) } },
            Worker("gpu-2", WorkerState.Drained, "cuda:0", 1) with { Reason = "drained by ada@lab: new disk" },
        ]);
    }

    public Task Drain(string worker, SweepAction action) => Ask($"drain {worker}: {action.Reason}");

    public Task Undrain(string worker, SweepAction action) => Ask($"undrain {worker}: {action.Reason}");

    public Task<string?> WhyWaits(SweepId sweep) => throw new NotSupportedException();

    public Task<LogChunk> ReadLog(TrialId trial, long offset) => trial.Number == 1
        ? Task.FromResult(new LogChunk(1, "gpu-1", Log[(int)offset..], Log.Length, true))
        : throw new SweepRefusedException($"trial {trial} has not started: there is no log yet");

    public Task Ask(string what)
    {
        Asked.Add(what);
        return Task.CompletedTask;
    }

    public SweepStatus Status(SweepId sweep, long afterEvent) => new()
    {
        Sweep = sweep,
        State = State,
        Reason = State.IsFinal() ? "every trial has ended" : null,
        Metric = "val_accuracy",
        Planned = 4,
        Counts = ImmutableSortedDictionary<TrialState, int>.Empty.Add(TrialState.Completed, 1).Add(TrialState.Running, 1),
        Best = new TrialSummary(1, 0.98, 5, ParameterSet.FromJson("""{"levels":8}"""), 1111),
        Running = [new RunningTrial(new TrialSummary(2, 0.91, 1, ParameterSet.FromJson("""{"levels":7}"""), 1112), "gpu-1", 1, new TrialProgress(2, 5, 30, 100, 0.25, 12.5, 48))],
        Events =
        [
            .. new[]
            {
                new StatusEvent(11, null, "state", "running", "the first trial starts", Time.AddMinutes(-20)),
                new StatusEvent(12, 1, "state", "completed", "the last epoch is done", Time.AddMinutes(-5)),
            }.Where(happened => happened.Number > afterEvent),
        ],
        Started = Time.AddMinutes(-20),
        LastEvent = 12,
        RanSeconds = 600,
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static WorkerInfo Worker(string name, WorkerState state, string device, int slots) => new()
    {
        Name = name,
        State = state,
        Device = device,
        Slots = slots,
        Version = "0.1.0",
        Incarnation = $"{name}-1",
        Started = Time.AddHours(-1),
        Seen = Time,
    };
}

internal sealed class FakeSweep(FakeHead head, SweepId id) : ISweepGrain
{
    public Task<SweepStatus> GetStatus(long afterEvent, CancellationToken cancellation) => Task.FromResult(head.Status(id, afterEvent));

    public Task Pause(SweepAction action) => head.Ask($"pause {id}: {action.Reason}");

    public Task Resume(SweepAction action) => head.Ask($"resume {id}: {action.Reason}");

    public Task Stop(SweepAction action) => head.Ask($"stop {id}: {action.Reason}");

    public Task Cancel(SweepAction action) => head.Ask($"cancel {id}: {action.Reason}");

    public Task CancelTrial(int trial, SweepAction action) => head.Ask($"cancel {id}/{trial}: {action.Reason}");

    public async Task<int> Retry(RetryRequest request)
    {
        if (request.Cause == FailureCause.Diverged)
        {
            throw new SweepRefusedException($"no trial of sweep {id} has failed by diverged");
        }

        await head.Ask($"retry {id} [{string.Join(' ', request.Trials)}] {request.Cause?.ToName()}");
        return Math.Max(1, request.Trials.Length);
    }

    public async Task<EditReply> Edit(EditRequest request)
    {
        var extends = request.Source is not null || request.Edits.Seeds is not null || id.Value.EndsWith("done", StringComparison.Ordinal);
        await head.Ask(extends ? $"extend {id} {request.Edits} {request.Source?.Length}" : $"edit {id} {request.Edits}");
        return new EditReply(extends, extends ? 12 : head.Status(id, 0).Planned);
    }

    public Task Label(LabelRequest request) => head.Ask($"label {id}: {request.What}");

    public async Task<DeleteReply> Delete(SweepAction action)
    {
        await head.Ask($"delete {id}: {action.Reason}");
        return new DeleteReply(true);
    }

    public Task<TrialProgress?> GetProgress(int trial) => Task.FromResult<TrialProgress?>(null);

    public async Task<ImmutableArray<int>> Enqueue(EnqueueRequest request)
    {
        await head.Ask($"enqueue {id} {string.Join(' ', request.Point.Select(value => $"{value.Key}={value.Value}"))}");
        return [5, 6];
    }
}
