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
using SeqMnistSweep.SweepFiles.Diagnostics;
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
    HeadOptions options,
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
        var stored = SweepId.TryParse(this.GetPrimaryKeyString(), out var id) ? store.Reader.LoadSweep(id) : null;
        if (stored is null)
        {
            throw new SweepRefusedException($"there is no sweep '{this.GetPrimaryKeyString()}'");
        }

        var file = SweepFile.Parse(stored.Sweep.Source, $"{stored.Sweep.Name}.yaml");
        var definition = file.Definition ?? throw new SweepRefusedException($"the stored file of sweep '{Id}' is no longer valid: this program is older or newer than the one that stored it");
        _schedule = new SweepSchedule(definition, SamplerCatalog.Create(definition, stored.Sweep.Prior), PrunerCatalog.Create(definition), stored.Sweep, stored.Trials, stored.Reports.Select(report => (report.Trial, report.Report)));
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
        var grants = Grants(request.Holder, request.Room.Less(again.Length));
        await Store();
        return new Settlement(verdicts.ToImmutable(), orders.ToImmutable(), again, _schedule.Sweep.State, grants);
    }

    public async Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room)
    {
        var grants = Grants(holder, room);
        await Store();
        return new GrantReply(grants, _schedule.Sweep.State);
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

    public Task<SweepStanding> GetStanding()
    {
        var schedule = Schedule();
        return Task.FromResult(new SweepStanding(
            Id,
            schedule.Sweep.State,
            schedule.CountByState[TrialState.Running],
            schedule.CountByState[TrialState.Leased],
            schedule.Definition.Limits.MaxParallel,
            Decide(schedule => schedule.WaitsUntil(Now)),
            schedule.Fit));
    }

    public Task Pause(SweepAction action) => Act(schedule => schedule.Pause(action.By, action.Reason, Now));

    public Task Resume(SweepAction action) => Act(schedule => schedule.Resume(action.By, action.Reason, Now));

    public Task Stop(SweepAction action) => Act(schedule => schedule.Stop(action.By, action.Reason, Now));

    public Task Cancel(SweepAction action) => Act(schedule => schedule.Cancel(action.By, action.Reason, Now));

    public Task CancelTrial(int trial, SweepAction action) => Act(schedule => schedule.CancelTrial(trial, action.By, action.Reason, Now));

    public Task<int> Retry(RetryRequest request) =>
        Act(schedule => schedule.Retry(request.Trials, request.Cause, request.Action.By, request.Action.Reason, Now));

    public Task Edit(SweepEdits edits, SweepAction action) => Act(schedule => schedule.Edit(edits, action.By, action.Reason, Now));

    public async Task<long?> Extend(ExtendRequest request)
    {
        var (sweep, action) = (Schedule().Sweep, request.Action);
        if (request.Source is null)
        {
            return await Act(schedule => schedule.Extend(null, request.Edits, sweep.DatasetDigests, action.By, action.Reason, Now));
        }

        var parsed = SweepFile.Parse(request.Source, $"{sweep.Name}.yaml");
        var definition = parsed.Definition ?? throw new SweepRefusedException(
            $"the new file is no valid sweep file: {parsed.Diagnostics.First(finding => finding.Severity == Severity.Error).Message}");
        var digests = sweep.DatasetDigests.AddRange(
            (await new DatasetCheck(options).DigestsAsync(definition)).Where(found => !sweep.DatasetDigests.ContainsKey(found.Key)));
        return await Act(schedule => schedule.Extend((definition, SamplerCatalog.Create(definition, sweep.Prior)), request.Edits, digests, action.By, action.Reason, Now));
    }

    public Task<ImmutableArray<int>> Enqueue(EnqueueRequest request) => Act(schedule =>
        schedule.Enqueue(EnqueuedPoint.Read(schedule.Definition.Space, request.Point), request.Action.By, request.Action.Reason, Now));

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
            Finished = sweep.Finished,
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
        var missing = _schedule.ActiveAt(request.Holder.Incarnation).Where(trial => !known.Contains(trial.Number)).ToList();
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

    private ImmutableArray<TrialGrant> Grants(LeaseHolder holder, GrantRoom room)
    {
        if (room.IsEmpty || !Schedule().Fit.Takes(room.Offer))
        {
            return [];
        }

        var most = room.Slots + (_schedule.MayWorkAhead ? room.Ahead : 0);
        var grants = ImmutableArray.CreateBuilder<TrialGrant>();
        while (grants.Count < most && Decide(schedule => schedule.Grant(holder, Now, ahead: grants.Count >= room.Slots)) is { } grant)
        {
            _progress.Remove(grant.Trial.Number);
            grants.Add(grant);
        }

        return grants.ToImmutable();
    }

    private Task<bool> Act(Action<SweepSchedule> act) => Act(schedule =>
    {
        act(schedule);
        return true;
    });

    /// <summary>What a user asks for; the workers are told at once.</summary>
    private async Task<T> Act<T>(Func<SweepSchedule, T> act)
    {
        var result = Decide(act);
        await Store();
        var sweep = _schedule.Sweep;
        await GrainFactory.GetGrain<ISweepNoticeGrain>(0).Changed(new SweepNotice(sweep.Id, sweep.State, sweep.Priority, sweep.Created));
        return result;
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
        catch (SweepRefusedException)
        {
            // Thrown before anything was changed.
            throw;
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
            BringCheckpoints(changes);
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

    /// <summary>Before their rows: the database never names a file that is not there.</summary>
    private void BringCheckpoints(ImmutableArray<SweepChange> changes)
    {
        foreach (var added in changes.OfType<SweepChange.CheckpointAdded>())
        {
            if (added.From is { } from)
            {
                checkpoints.Copy(new TrialId(Id, from), new TrialId(Id, added.Trial), added.Checkpoint.Digest);
            }
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
        var id = new TrialId(Id, trial.Number);
        checkpoints.Tidy(id, () => store.Reader.Checkpoints(id).Select(checkpoint => checkpoint.Digest).ToHashSet());
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
