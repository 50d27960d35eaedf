using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Head.Grains;

/// <summary>The face of a <see cref="SweepActor"/> for clients; it holds nothing.</summary>
[HeadPlacement, Immovable, Reentrant]
internal sealed class SweepGrain(
    SweepActors sweeps, Dispatcher dispatcher, SweepStorage storage, DatasetCheck datasets, HeadStore store, SweepDeletion deletion,
    TimeProvider time, EtaReader etas, RunTimes times) : Grain, ISweepGrain
{
    private const int MaxEvents = 500;

    private SweepId Id => SweepId.TryParse(this.GetPrimaryKeyString(), out var id)
        ? id
        : throw new SweepMissingException(this.GetPrimaryKeyString());

    public Task Pause(SweepAction action) => Act(action, (schedule, now) => schedule.Pause(action.Actor, action.Reason, now));

    public Task Resume(SweepAction action) => Act(action, (schedule, now) => schedule.Resume(action.Actor, action.Reason, now));

    public Task Stop(SweepAction action) => Act(action, (schedule, now) => schedule.Stop(action.Actor, action.Reason, now));

    public Task Cancel(SweepAction action) => Act(action, (schedule, now) => schedule.Cancel(action.Actor, action.Reason, now));

    public Task CancelTrial(int trial, SweepAction action) =>
        Act(action, (schedule, now) => schedule.CancelTrial(trial, action.Actor, action.Reason, now));

    public Task<int> Retry(RetryRequest request) => Act(request, (schedule, now) =>
        schedule.Retry(request.Trials, request.Cause, request.Actor, request.Reason, now));

    public async Task<EditReply> Edit(EditRequest request)
    {
        request.Require();
        SweepDefinition? definition = null;
        ISampler? sampler = null;
        var digests = ImmutableSortedDictionary<string, string>.Empty;
        if (request.Source is { } source)
        {
            var sweep = await sweeps.Run(Id, actor => Task.FromResult(actor.Snapshot.Sweep));
            definition = await Task.Run(
                () => SweepSubmission.Parse(source, $"{sweep.Name}.yaml", "the new file is no valid sweep file"));
            sampler = storage.SamplerOf(definition, sweep.Prior);
            digests = await datasets.DigestsAsync(definition);
        }

        var (extended, planned) = await Act(request, (schedule, now) => schedule.Change(
            definition is null ? null : (definition, sampler!), request.Edits, digests, request.Actor, request.Reason, now));
        if (definition is not null)
        {
            sweeps.Keep(Id, definition);
        }

        return new EditReply(extended, planned);
    }

    public Task<ImmutableArray<int>> Enqueue(EnqueueRequest request) => Act(request, (schedule, now) => schedule.Enqueue(
        EnqueuedPoint.Read(schedule.Definition.Space, request.Point), request.Actor, request.Reason, now));

    public async Task Label(LabelRequest request)
    {
        request.Require();
        var outcome = await store.Writer.LabelAsync(Id, request, time.GetUtcNow());
        store.Changes.Note(Id, []);
        if (outcome == LabelOutcome.Missing) throw new SweepMissingException(Id.Value);

        if (outcome == LabelOutcome.NotEnded) throw new SweepRefusedException($"sweep {Id} has not ended: stop or cancel it first");

        if (outcome == LabelOutcome.TooManyTags) throw new SweepRefusedException($"a sweep has at most {LabelRequest.MaxTags} tags");
    }

    public Task<DeleteReply> Delete(SweepAction action)
    {
        action.Require();
        return deletion.DeleteAsync(Id, action);
    }

    public async Task<SweepStatus> GetStatus(long afterEvent, CancellationToken cancellation)
    {
        var status = await sweeps.Look(Id, StatusAsync);
        var running = status.Counts.GetValueOrDefault(TrialState.Running);
        var eta = status.State.IsFinal() ? null : etas.Of(Id, status.Planned, status.Ended, running);
        return status with
        {
            SecondsLeft = eta?.Seconds,
            SecondsSpread = eta?.Spread,
            Top = [.. store.Reader.Leaderboard(Id, SweepStatus.MaxTop).Select(SummaryOf)],
            Best = SummaryReader.BestOf(store.Reader, Id),
            LastEvent = store.Reader.LastEvent(Id),
            RanSeconds = times.Of(Id, !status.Running.IsEmpty, status.State.IsFinal()),
            Events = [.. store.Reader.EventsAfter(Id, afterEvent, MaxEvents).Select(StatusEventOf)],
        };
    }

    public async Task<TrialProgress?> GetProgress(int trial)
    {
        var held = await sweeps.Run(Id, actor => Task.FromResult(actor.Schedule.Trials.GetValueOrDefault(trial)));
        if (held is not { State: TrialState.Running, Incarnation: { } silo }) return null;

        try
        {
            var key = new TrialGrainKey(new TrialId(Id, trial), held.Lease, silo);
            return await GrainFactory.GetGrain<ITrialGrain>(key.ToString()).GetProgress();
        }
        // Orleans says in many ways that a silo cannot be reached; the trial of an external client has no grain at all.
        catch (Exception)
        {
            return null;
        }
    }

    private static async Task<SweepStatus> StatusAsync(SweepActor actor)
    {
        await actor.Store();
        var (schedule, sweep) = (actor.Schedule, actor.Schedule.Sweep);
        return new SweepStatus
        {
            Sweep = sweep.Id,
            State = sweep.State,
            Cause = sweep.Cause,
            Reason = sweep.Reason,
            Metric = sweep.Metric,
            Planned = sweep.Planned,
            Started = sweep.Started,
            Finished = sweep.Finished,
            Counts = schedule.CountByState.Where(count => count.Value > 0).ToImmutableSortedDictionary(),
            Running =
            [
                .. schedule.Active.OrderBy(trial => trial.Number).Take(SweepStatus.MaxRunning)
                    .Select(trial => new RunningTrial(Summary(trial), trial.Worker!, trial.Attempts, actor.ProgressOf(trial.Number))
                    {
                        Waits = trial.State == TrialState.Leased,
                    }),
            ],
        };
    }

    private Task<bool> Act(SweepAction action, Action<SweepSchedule, DateTimeOffset> act) => Act(action, (schedule, now) =>
    {
        act(schedule, now);
        return true;
    });

    /// <summary>What a user asks for; the workers are told at once.</summary>
    private Task<T> Act<T>(SweepAction action, Func<SweepSchedule, DateTimeOffset, T> act)
    {
        action.Require();
        return sweeps.Act(Id, act, sweep => dispatcher.Run(dispatcher => dispatcher.Changed(sweep)));
    }

    private static TrialSummary Summary(TrialRecord trial) =>
        new(trial.Number, trial.Value, trial.ValueEpoch, trial.Parameters, trial.Seed);

    private static TrialSummary SummaryOf(LeaderboardRow row) => new(
        TrialId.Parse(row.Trial).Number, row.Value, (int?)row.Epoch, ParameterSet.Written(row.Params), Seed: 0);

    private static StatusEvent StatusEventOf(EventRow row) => new(
        row.Event,
        row.Trial is { } trial ? TrialId.Parse(trial).Number : null,
        row.Kind,
        row.ToState,
        row.Reason,
        DateTimeOffset.Parse(row.Time, CultureInfo.InvariantCulture))
    {
        IsRoutine = row.IsRoutine,
    };
}
