using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Outputs;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Workers;

namespace SeqMnistSweep.Head.Grains;

/// <summary>The face of the one <see cref="Dispatcher"/> for workers, and of the head for clients.</summary>
[HeadPlacement, KeepAlive, Immovable, Reentrant]
internal sealed partial class DispatchGrain(
    Dispatcher dispatcher,
    SweepActors sweeps,
    SweepSubmission submissions,
    Quarantine quarantine,
    FleetLink link,
    HeadStore store,
    HeadOptions options,
    TimeProvider time,
    IClusterMembershipService membership,
    LeaseClock leases,
    ILogger<DispatchGrain> logger) : Grain, IDispatchGrain, IHeadGrain, IDisposable
{
    private readonly CancellationTokenSource _ending = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await dispatcher.Run(TakeUp);
        WatchMembership(_ending.Token).Ignore();
        quarantine.Start();
        var every = new GrainTimerCreationOptions(Dispatcher.CheckEvery, Dispatcher.CheckEvery) { Interleave = true, KeepAlive = true };
        this.RegisterGrainTimer(_ => CheckAsync(), every);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.Cancel();
        quarantine.Stop();
        return Task.CompletedTask;
    }

    public void Dispose() => _ending.Dispose();

    public async Task<ExchangeReply> Exchange(ExchangeRequest request, CancellationToken cancellation)
    {
        if (request.Problem() is { } problem) return new ExchangeReply { HeadEpoch = store.Epoch, Acknowledged = 0, Refusal = problem };

        store.Telemetry.Heard(request);
        var began = time.GetTimestamp();
        var reply = await dispatcher.Run(dispatcher => dispatcher.Exchange(request));
        store.Telemetry.Exchanged(time.GetElapsedTime(began));
        return reply;
    }

    public Task<SubmitReply> Submit(SubmitRequest request) => submissions.SubmitAsync(request);

    public Task<ImmutableArray<FoundSweep>> FindSweeps(string reference) => Task.Run<ImmutableArray<FoundSweep>>(() =>
    [
        .. store.Reader.FindSweeps(reference).Select(row =>
            new FoundSweep(SweepId.Parse(row.Sweep), StateNames.Parse<SweepState>(row.State), row.Trials, row.Running)),
    ]);

    public Task<ImmutableArray<WorkerInfo>> GetWorkers() =>
        dispatcher.Run(
            dispatcher => Task.FromResult<ImmutableArray<WorkerInfo>>([.. dispatcher.Fleet.Workers.Select(worker => worker.ToInfo())]));

    public async Task Drain(string worker, SweepAction action)
    {
        action.Require();
        await dispatcher.Run(dispatcher => dispatcher.Fleet.DrainAsync(worker, action));
        LogDrained(worker, action.By, action.Reason);
    }

    public async Task Undrain(string worker, SweepAction action)
    {
        action.Require();
        await dispatcher.Run(async dispatcher =>
        {
            await dispatcher.Fleet.DrainAsync(worker, null);
            quarantine.Clear(worker);
        });
        LogUndrained(worker, action.By, action.Reason);
    }

    public async Task<string?> WhyWaits(SweepId sweep)
    {
        var standing = await sweeps.Run(sweep, actor => Task.FromResult(StandingOf(actor.Schedule)));
        var move = standing.State == SweepState.Paused ? store.Reader.LastMove(sweep, SweepState.Paused) : null;
        var paused = move is null ? null : $"by {move.Actor}: {move.Reason}";
        var ahead = await dispatcher.Run(dispatcher => Task.FromResult(dispatcher.WhoIsAhead(sweep)));
        return WaitReasons.Of(standing, paused, await GetWorkers(), store.Trouble, ahead);
    }

    public async Task<LogChunk> ReadLog(TrialId trial, long offset)
    {
        var row = store.Reader.Trial(trial) ?? throw new SweepRefusedException($"there is no trial '{trial}'");
        if (row.Worker is not { } name)
        {
            throw new SweepRefusedException($"trial {trial} has not started: there is no log yet");
        }

        if (WorkerName.AskerOf(name) is { } client)
        {
            throw new SweepRefusedException($"{client} asked for trial {trial} and runs it itself: what that prints is not kept here");
        }

        var (kept, length, last) = KeptLogs.Read(
            KeptLogs.FolderOf(options, trial), offset,
            attempt => store.Reader.Attempts(trial).LastOrDefault(one => one.Attempt == attempt)?.Worker ?? name);
        if ((kept ?? (last == row.Attempts ? new LogChunk(last, name, "", offset, Ended: true) { Start = length } : null)) is { } here)
        {
            return here;
        }

        try
        {
            var chunk = await ReadLogOfWorkerAsync(name, trial, last, Math.Max(0, offset - length));
            return chunk with { Next = chunk.Next + length, Start = length };
        }
        catch (SweepRefusedException) when (length > 0)
        {
            return new LogChunk(last, name, "", offset, Ended: true) { Start = length };
        }
    }

    private async Task<LogChunk> ReadLogOfWorkerAsync(string name, TrialId trial, int after, long offset)
    {
        var there = "its log, if it wrote one, lies on that machine in the folder in which the worker was started: "
            + $".seqsweep/workers/{name}/logs/{trial.Sweep}/{trial.Number}";
        if (await dispatcher.Run(dispatcher => Task.FromResult(dispatcher.Fleet.Find(name))) is not { IsThere: true, IsHeard: true } worker)
        {
            throw new SweepRefusedException($"worker {name}, which ran trial {trial}, is not there now; {there}");
        }

        try
        {
            return await link.GrainOf(worker).ReadLog(trial, after, offset);
        }
        // Orleans says in many ways that a silo cannot be reached.
        catch (Exception error) when (error is not SweepRefusedException)
        {
            throw new SweepRefusedException(
                $"worker {name}, which ran trial {trial}, does not answer ({CallFailure.Line(error)}); {there}");
        }
    }

    private SweepStanding StandingOf(SweepSchedule schedule) => new(
        schedule.Sweep.Id,
        schedule.Sweep.State,
        schedule.CountByState[TrialState.Running],
        schedule.CountByState[TrialState.Leased],
        schedule.Definition.Limits.MaxParallel,
        schedule.WaitsUntil(time.GetUtcNow()),
        schedule.PlacementConstraint);

    private async Task TakeUp(Dispatcher dispatcher)
    {
        foreach (var id in options.TakesUpUnfinished ? store.Reader.UnfinishedSweeps() : [])
        {
            await dispatcher.TakeUp(store.Reader.Outline(id)!);
        }

        foreach (var row in store.Reader.Workers())
        {
            dispatcher.Fleet.Remember(FleetWorker.From(row, time.GetElapsedTime(0)));
        }
    }

    private Task CheckAsync() => dispatcher.Run(async dispatcher =>
    {
        await dispatcher.Check();
        await quarantine.CheckAsync();
    });

    /// <summary>The fast word of a worker's death: its silo is no longer in the cluster, so its trials need not wait for their leases to
    /// run out. A hint only; a silo that is declared dead wrongly is fenced like any other that comes back late.</summary>
    private async Task WatchMembership(CancellationToken cancellation)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellation))
        {
            await dispatcher.Run(async dispatcher =>
            {
                var incarnations = dispatcher.Fleet.Workers.Select(worker => worker.Incarnation).Union(leases.Holders).ToList();
                foreach (var incarnation in incarnations.Where(incarnation => IsDead(snapshot, incarnation)))
                {
                    await dispatcher.Expire(incarnation);
                }
            });
        }
    }

    private static bool IsDead(ClusterMembershipSnapshot snapshot, string incarnation)
    {
        try
        {
            return snapshot.GetSiloStatus(SiloAddress.FromParsableString(incarnation)) == SiloStatus.Dead;
        }
        // A name that is no silo's address: how it fails to parse is Orleans' affair.
        catch (Exception)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} drains worker {Worker}: {Reason}")]
    private partial void LogDrained(string worker, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} lets worker {Worker} take trials again: {Reason}")]
    private partial void LogUndrained(string worker, string by, string reason);
}
