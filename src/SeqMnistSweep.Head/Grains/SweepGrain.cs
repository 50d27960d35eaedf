using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>
/// One sweep's <see cref="SweepDesk"/> behind grain calls. A desk whose changes were not stored is thrown away with its activation.
/// </summary>
[HeadPlacement, KeepAlive, Immovable, Reentrant]
internal sealed partial class SweepGrain(
    HeadStore store,
    CheckpointStore checkpoints,
    HeadOptions options,
    TimeProvider time,
    ILogger<SweepGrain> logger) : Grain, ISweepGrain, ISweepScheduleGrain
{
    private SweepDesk _desk = null!;

    private SweepId Id => SweepId.Parse(this.GetPrimaryKeyString());

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var schedule = SweepId.TryParse(this.GetPrimaryKeyString(), out var id) ? store.Reader.LoadSweep(id, ScheduleOf) : null;
        if (schedule is null)
        {
            throw new SweepRefusedException($"there is no sweep '{this.GetPrimaryKeyString()}'");
        }

        _desk = new SweepDesk(schedule, WriteAsync, Break, time);
        return Task.CompletedTask;
    }

    public Task<Settlement> Settle(SettleRequest request) => _desk.Settle(request);

    public Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room) => _desk.Grant(holder, room);

    public Task Lose(ImmutableArray<LostLease> lost) => _desk.Lose(lost);

    public Task TakeBack(ImmutableArray<(int Trial, long Lease)> leases, SweepId @for) => _desk.TakeBack(leases, @for);

    public Task<SweepBeat> Tick() => _desk.Tick();

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
        return await Act(schedule => schedule.Extend((definition, Sampler(definition, sweep.Prior)), request.Edits, digests, action.By, action.Reason, Now));
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
            Counts = _desk.Schedule.CountByState.Where(count => count.Value > 0).ToImmutableSortedDictionary(),
            Best = _desk.Schedule.Best is { } best ? Summary(best) : null,
            Running =
            [
                .. _desk.Schedule.Active.OrderBy(trial => trial.Number).Take(SweepStatus.MostRunning)
                    .Select(trial => new RunningTrial(Summary(trial), trial.Worker!, trial.Attempts, _desk.ProgressOf(trial.Number))),
            ],
            Events = [.. store.Reader.EventsAfter(sweep.Id, afterEvent, 500).Select(StatusEventOf)],
        };
    }

    private SweepSchedule ScheduleOf(SweepStream stored)
    {
        var file = SweepFile.Parse(stored.Sweep.Source, $"{stored.Sweep.Name}.yaml");
        var definition = file.Definition ?? throw new SweepRefusedException($"the stored file of sweep '{Id}' is no longer valid: this program is older or newer than the one that stored it");
        var pruner = PrunerCatalog.Create(definition);
        return new SweepSchedule(
            definition,
            Sampler(definition, stored.Sweep.Prior),
            pruner,
            stored.Sweep,
            stored.Trials,
            stored.Reports(SweepSchedule.LooksBack(definition, pruner)).Select(report => (report.Trial, report.Report)));
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
        var sweep = _desk.Schedule.Sweep;
        await GrainFactory.GetGrain<ISweepNoticeGrain>(0).Changed(new SweepNotice(sweep.Id, sweep.State, sweep.Priority, sweep.Created, sweep.Weight));
        return result;
    }

    private TimedSampler Sampler(SweepDefinition definition, SearchPrior prior) => new(SamplerCatalog.Create(definition, prior), store.Telemetry.Suggested, time);

    private SweepSchedule Schedule() => _desk.Sound();

    private T Decide<T>(Func<SweepSchedule, T> decide) => _desk.Decide(decide);

    private Task Store() => _desk.Store();

    private void Break(Exception error)
    {
        LogNotStored(error, Id);
        DeactivateOnIdle();
    }

    private async Task<WriteOutcome> WriteAsync(ImmutableArray<SweepChange> changes)
    {
        BringCheckpoints(changes);
        var outcome = await store.Writer.WriteAsync(Id, changes);
        try
        {
            if (outcome == WriteOutcome.Applied)
            {
                CleanUp(changes);
            }
        }
        catch (Exception error) when (error is DatabaseException or IOException or UnauthorizedAccessException)
        {
            // What is stored is stored; files that stay do no harm.
            LogNotCleanedUp(error, Id);
        }

        return outcome;
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
                _desk.ForgetProgress(ended.Number);
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
