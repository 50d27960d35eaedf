using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>
/// Drives one <see cref="SweepSchedule"/>: every call changes it in memory first, then waits until the changes are durable, then answers.
/// Calls interleave at that wait, so many share one commit. A schedule whose changes were not stored is thrown away with its activation.
/// </summary>
[HeadPlacement, KeepAlive, Immovable, Reentrant]
internal sealed partial class SweepGrain(
    HeadStore store,
    CheckpointStore checkpoints,
    TimeProvider time,
    ILogger<SweepGrain> logger) : Grain, ISweepGrain, ISweepScheduleGrain
{
    private readonly Dictionary<int, TrialProgress> _progress = [];
    private SweepSchedule _schedule = null!;
    private WriteTurns _turns = null!;
    private Exception? _broken;

    private SweepId Id => SweepId.Parse(this.GetPrimaryKeyString());

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var stored = store.Reader.LoadSweep(Id) ?? throw new SweepRefusedException($"there is no sweep '{Id}'");
        var file = SweepFile.Parse(stored.Sweep.Source, $"{stored.Sweep.Name}.yaml");
        var definition = file.Definition ?? throw new SweepRefusedException($"the stored file of sweep '{Id}' is no longer valid: this program is older or newer than the one that stored it");
        _schedule = new SweepSchedule(definition, SamplerCatalog.Create(definition), PrunerCatalog.Create(definition.EarlyTerminate), stored.Sweep, stored.Trials, stored.Reports.Select(report => (report.Trial, report.Report)));
        _turns = new WriteTurns(StoreChanges);
        return Task.CompletedTask;
    }

    public async Task<Settlement> Settle(SettleRequest request)
    {
        var verdicts = ImmutableArray.CreateBuilder<TrialVerdict>();
        var ended = new HashSet<(int, long)>();
        foreach (var told in request.Events)
        {
            var answer = Decide(schedule => schedule.Apply(told.Trial.Number, told.Lease, told.Event, Now));
            if (told.Event is AttemptEvent.Reported(var report, _) && answer.Verdict is { } verdict)
            {
                verdicts.Add(new TrialVerdict(told.Trial, told.Lease, report.Epoch, verdict));
            }

            if (told.Event.EndsAttempt)
            {
                ended.Add((told.Trial.Number, told.Lease));
            }
        }

        var orders = ImmutableArray.CreateBuilder<TrialOrder>();
        foreach (var running in request.Running.Where(running => !ended.Contains((running.Trial.Number, running.Lease))))
        {
            if (!Schedule().Holds(running.Trial.Number, running.Lease))
            {
                orders.Add(new TrialOrder(running.Trial, running.Lease));
            }
            else if (running.Progress is { } progress)
            {
                _progress[running.Trial.Number] = progress;
            }
        }

        var again = MissingAt(request);
        await Store();
        return new Settlement(verdicts.ToImmutable(), orders.ToImmutable(), again, _schedule.Sweep.State);
    }

    public async Task<GrantReply> Grant(LeaseHolder holder, int slots)
    {
        var grants = ImmutableArray.CreateBuilder<TrialGrant>();
        while (grants.Count < slots && Decide(schedule => schedule.Grant(holder, Now)) is { } grant)
        {
            _progress.Remove(grant.Trial.Number);
            grants.Add(grant);
        }

        await Store();
        return new GrantReply(grants.ToImmutable(), _schedule.Sweep.State);
    }

    public async Task Lose(ImmutableArray<LostLease> lost)
    {
        foreach (var lease in lost)
        {
            Decide(schedule => schedule.Lose(lease.Trial, lease.Lease, lease.Loss, Now));
        }

        await Store();
    }

    public async Task<SweepBeat> Tick()
    {
        Decide(schedule => schedule.Tick(Now));
        await Store();
        return new SweepBeat(_schedule.Sweep.State, [.. _schedule.Active.Select(trial => new LiveLease(trial.Number, trial.Lease, trial.Worker!, trial.Incarnation!))]);
    }

    public Task Pause(SweepAction action) => Act(schedule => schedule.Pause(action.By, action.Reason, Now));

    public Task Resume(SweepAction action) => Act(schedule => schedule.Resume(action.By, action.Reason, Now));

    public Task Stop(SweepAction action) => Act(schedule => schedule.Stop(action.By, action.Reason, Now));

    public Task Cancel(SweepAction action) => Act(schedule => schedule.Cancel(action.By, action.Reason, Now));

    public Task CancelTrial(int trial, SweepAction action) => throw new NotImplementedException();

    public Task<int> Retry(RetryRequest request) => throw new NotImplementedException();

    public Task Edit(SweepEdits edits, SweepAction action) => throw new NotImplementedException();

    public Task<long?> Extend(ExtendRequest request) => throw new NotImplementedException();

    public Task<ImmutableArray<int>> Enqueue(EnqueueRequest request) => throw new NotImplementedException();

    public async Task<SweepStatus> GetStatus(long afterEvent, CancellationToken cancellation)
    {
        await Store();
        var sweep = Schedule().Sweep;
        return new SweepStatus
        {
            Sweep = sweep.Id,
            State = sweep.State,
            Reason = sweep.Reason,
            Metric = sweep.Metric,
            Planned = sweep.Planned,
            Started = sweep.Started,
            LastEvent = store.Reader.LastEvent(sweep.Id),
            Counts = _schedule.CountByState.Where(count => count.Value > 0).ToImmutableSortedDictionary(),
            Best = _schedule.Best is { } best ? Summary(best) : null,
            Running =
            [
                .. _schedule.Active.OrderBy(trial => trial.Number)
                    .Select(trial => new RunningTrial(Summary(trial), trial.Worker!, trial.Attempts, _progress.GetValueOrDefault(trial.Number))),
            ],
            Events = [.. store.Reader.EventsAfter(sweep.Id, afterEvent, 500).Select(StatusEventOf)],
        };
    }

    /// <summary>Leases that the holder has by the book but not in a slot, after its events are taken in: their grant never arrived. A draining worker gives them back.</summary>
    private ImmutableArray<TrialGrant> MissingAt(SettleRequest request)
    {
        var known = request.Running.Select(running => running.Trial.Number).ToHashSet();
        var missing = _schedule.Active.Where(trial => trial.Incarnation == request.Holder.Incarnation && !known.Contains(trial.Number)).ToList();
        if (!request.Draining)
        {
            return [.. missing.Select(trial => _schedule.GrantAgain(trial.Number))];
        }

        foreach (var trial in missing)
        {
            Decide(schedule => schedule.Apply(trial.Number, trial.Lease, new AttemptEvent.Released("never started: the worker is draining"), Now));
        }

        return [];
    }

    private Task Act(Action<SweepSchedule> act)
    {
        Decide(act);
        return Store();
    }

    private SweepSchedule Schedule() =>
        _broken is null ? _schedule : throw new InvalidOperationException($"sweep {Id} is being read again from the database: {_broken.Message}", _broken);

    private void Decide(Action<SweepSchedule> decide) => Decide(schedule =>
    {
        decide(schedule);
        return true;
    });

    /// <summary>A decision that fails half-way must not be stored by the next one.</summary>
    private T Decide<T>(Func<SweepSchedule, T> decide)
    {
        var schedule = Schedule();
        try
        {
            return decide(schedule);
        }
        catch (Exception error)
        {
            Break(error);
            throw;
        }
    }

    private void Break(Exception error)
    {
        _broken = error;
        LogNotStored(error, Id);
        DeactivateOnIdle();
    }

    /// <summary>Waits until everything decided so far is durable. Also with nothing new to store: what is told again may be on its way to the disk still.</summary>
    private Task Store() => _turns.Durable(Schedule().HasChanges);

    private async Task StoreChanges()
    {
        var changes = Schedule().TakeChanges();
        try
        {
            if (await store.Writer.WriteAsync(Id, changes) == WriteOutcome.Fenced)
            {
                throw new InvalidOperationException($"the database knows more of sweep {Id} than this schedule does");
            }
        }
        catch (Exception error)
        {
            Break(error);
            throw;
        }

        try
        {
            CleanUp(changes);
        }
        catch (Exception error) when (error is DatabaseException or IOException or UnauthorizedAccessException)
        {
            // What is stored is stored; files that stay do no harm.
            LogNotCleanedUp(error, Id);
        }
    }

    private void CleanUp(ImmutableArray<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            if (change is SweepChange.CheckpointDropped(var trial, var digest))
            {
                checkpoints.Drop(new TrialId(Id, trial), digest);
            }
            else if (change is SweepChange.TrialUpdated({ } ended, _) && ended.State.IsFinal())
            {
                _progress.Remove(ended.Number);
                Tidy(ended);
            }
        }
    }

    private void Tidy(TrialRecord trial)
    {
        var keep = store.Reader.Checkpoints(new TrialId(Id, trial.Number)).Select(checkpoint => checkpoint.Digest).ToHashSet();
        checkpoints.Tidy(new TrialId(Id, trial.Number), keep);
    }

    private static TrialSummary Summary(TrialRecord trial) => new(trial.Number, trial.Value, trial.ValueEpoch, trial.Parameters, trial.Seed);

    private static StatusEvent StatusEventOf(EventRow row) => new(
        row.Event,
        row.Trial is { } trial ? TrialId.Parse(trial).Number : null,
        row.Kind,
        row.ToState,
        row.Reason,
        DateTimeOffset.Parse(row.Time, CultureInfo.InvariantCulture));
}
