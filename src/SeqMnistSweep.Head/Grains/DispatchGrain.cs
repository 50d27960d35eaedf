using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>
/// The one <see cref="Dispatcher"/> behind grain calls, with what clients ask of it and its workers.
/// </summary>
[HeadPlacement, KeepAlive, Immovable, Reentrant]
internal sealed partial class DispatchGrain(
    HeadStore store,
    HeadOptions options,
    TimeProvider time,
    IClusterMembershipService membership,
    ILogger<DispatchGrain> logger) : Grain, IDispatchGrain, IHeadGrain, ISweepNoticeGrain, IAskGrain, IDispatchHost, IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly SweepIntake _intake = new(store, new DatasetCheck(options), time);
    private readonly CancellationTokenSource _ending = new();
    private Dispatcher _dispatcher = null!;
    private Task _submitted = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _dispatcher = new Dispatcher(options.LeaseTime, CheckEvery, store.Epoch, this, time);
        if (options.TakesUpUnfinished)
        {
            foreach (var id in store.Reader.UnfinishedSweeps())
            {
                _dispatcher.TakeUp(store.Reader.Outline(id)!);
            }
        }

        foreach (var row in store.Reader.Workers())
        {
            _dispatcher.Fleet.Remember(FleetWorker.From(row, _dispatcher.Clock));
        }

        WatchMembership(_ending.Token).Ignore();
        RememberFailures();
        this.RegisterGrainTimer(_ => CheckAsync(), new GrainTimerCreationOptions(CheckEvery, CheckEvery) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.Cancel();
        store.Told -= Heard;
        return Task.CompletedTask;
    }

    public void Dispose() => _ending.Dispose();

    private async Task CheckAsync()
    {
        await _dispatcher.Check();
        await QuarantineAsync();
    }

    public Task<SubmitReply> Submit(SubmitRequest request)
    {
        // One after another: two of the same file at once would not find each other, and make two sweeps.
        var submitted = SubmitAfter(_submitted, request);
        _submitted = submitted;
        return submitted;
    }

    public async Task<ExchangeReply> Exchange(ExchangeRequest request, CancellationToken cancellation)
    {
        store.Telemetry.Heard(request);
        var began = time.GetTimestamp();
        var reply = await _dispatcher.Exchange(request);
        store.Telemetry.Exchanged(time.GetElapsedTime(began));
        return reply;
    }

    public ISweepDesk Desk(SweepId sweep) => new GrainDesk(Schedule(sweep));

    public void Joined(string worker, string device, int slots) => LogJoined(worker, device, slots);

    public void Lost(int leases, IReadOnlyCollection<string> workers)
    {
        LogLost(leases, string.Join(", ", workers));
        foreach (var worker in workers)
        {
            store.Telemetry.Lost(worker);
        }

        PokeWorkers();
    }

    public void TakenBack() => PokeWorkers();

    public void DoesNotAnswer(Exception error, SweepId sweep) => LogSweepDoesNotAnswer(error, sweep);

    private async Task<SubmitReply> SubmitAfter(Task before, SubmitRequest request)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (await _intake.FindAsync(request) is { Sweep: var found } stored)
        {
            if (!found.State.IsFinal())
            {
                _dispatcher.TakeUp(stored);
            }

            PokeWorkers();
            return new SubmitReply(found.Id, true, found.State, PriorOf(found));
        }

        var sweep = await _intake.AddAsync(request);
        _dispatcher.Open(sweep.Id, sweep.Priority, sweep.Created, sweep.Weight).State = sweep.State;
        PokeWorkers();
        return new SubmitReply(sweep.Id, false, sweep.State, PriorOf(sweep));
    }

    private static string? PriorOf(SweepRecord sweep) => sweep.Prior.Sources.IsEmpty ? null : sweep.Prior.ToString();

    private ISweepScheduleGrain Schedule(SweepId sweep) => GrainFactory.GetGrain<ISweepScheduleGrain>(sweep.Value);

    private sealed class GrainDesk(ISweepScheduleGrain sweep) : ISweepDesk
    {
        public Task<Settlement> Settle(SettleRequest request) => sweep.Settle(request);

        public Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room) => sweep.Grant(holder, room);

        public Task Lose(ImmutableArray<LostLease> lost) => sweep.Lose(lost);

        public Task TakeBack(ImmutableArray<(int Trial, long Lease)> leases, SweepId @for) => sweep.TakeBack(leases, @for);

        public Task<SweepBeat> Tick() => sweep.Tick();
    }
}
