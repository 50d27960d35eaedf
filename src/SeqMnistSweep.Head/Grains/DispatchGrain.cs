using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>
/// Knows the workers and the leases, and hands out trials of the open sweeps by priority, then age. A cache of the database:
/// sweeps decide for themselves, this only carries their answers.
/// </summary>
[HeadPlacement, KeepAlive, Immovable, Reentrant]
internal sealed partial class DispatchGrain(
    HeadStore store,
    HeadOptions options,
    TimeProvider time,
    ILogger<DispatchGrain> logger) : Grain, IDispatchGrain, IHeadGrain
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly SweepIntake _intake = new(store, time);
    private readonly LeaseClock _leases = new(options.LeaseTime, CheckEvery);
    private readonly List<OpenSweep> _open = [];
    private readonly HashSet<SweepId> _silent = [];
    private readonly Dictionary<string, string> _workers = [];
    private Task _submitted = Task.CompletedTask;

    private TimeSpan Clock => time.GetElapsedTime(0);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (options.TakesUpUnfinished)
        {
            foreach (var id in store.Reader.UnfinishedSweeps())
            {
                TakeUp(store.Reader.LoadSweep(id)!);
            }
        }

        this.RegisterGrainTimer(Check, new GrainTimerCreationOptions(CheckEvery, CheckEvery) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
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
        var holder = request.Holder;
        await LoseAsync(_leases.Heard(holder.Worker, holder.Incarnation, Clock));
        var past = _leases.IsPast(holder.Worker, holder.Incarnation);
        if (!past && (!_workers.TryGetValue(holder.Worker, out var known) || known != holder.Incarnation))
        {
            _workers[holder.Worker] = holder.Incarnation;
            LogJoined(holder.Worker, holder.Device, request.Slots);
            await store.Writer.WriteAsync(new WorkerSeen(holder.Worker, holder.Incarnation, holder.Device, request.Slots, request.Draining ? "draining" : "ready", time.GetUtcNow()));
        }

        var (settled, unsettled) = await SettleAsync(request);
        var grants = settled.SelectMany(settlement => settlement.GrantsAgain).ToList();
        if (!past)
        {
            await GrantAsync(request, grants);
        }

        return new ExchangeReply
        {
            HeadEpoch = store.Epoch,
            Acknowledged = request.Events.TakeWhile(told => !unsettled.Contains(told.Trial.Sweep)).LastOrDefault()?.Sequence ?? 0,
            Grants = [.. grants],
            Verdicts = [.. settled.SelectMany(settlement => settlement.Verdicts)],
            Orders = [.. settled.SelectMany(settlement => settlement.Orders)],
        };
    }

    public Task<ImmutableArray<WorkerInfo>> GetWorkers() => throw new NotImplementedException();

    public Task Drain(string worker, SweepAction action) => throw new NotImplementedException();

    public Task Undrain(string worker, SweepAction action) => throw new NotImplementedException();

    public Task<string?> WhyWaits(SweepId sweep) => throw new NotImplementedException();

    public Task<LogChunk> ReadLog(TrialId trial, long offset) => throw new NotImplementedException();

    private async Task<SubmitReply> SubmitAfter(Task before, SubmitRequest request)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var definition = SweepIntake.Read(request);
        if (!request.New && _intake.Find(definition, request) is { Sweep: var found } stored)
        {
            if (!found.State.IsFinal())
            {
                TakeUp(stored);
            }

            PokeWorkers();
            return new SubmitReply(found.Id, true, found.State);
        }

        var sweep = await _intake.AddAsync(definition, request);
        Open(sweep.Id, sweep.Priority, sweep.Created);
        PokeWorkers();
        return new SubmitReply(sweep.Id, false, sweep.State);
    }

    /// <summary>Every sweep that the worker speaks of, or holds a lease of by the book, answers for itself. One that cannot does not hold up the others; its events stay unacknowledged.</summary>
    private async Task<(List<Settlement> Settled, HashSet<SweepId> Unsettled)> SettleAsync(ExchangeRequest request)
    {
        var running = request.Running.ToLookup(running => running.Trial.Sweep);
        var events = request.Events.ToLookup(told => told.Trial.Sweep);
        var held = _leases.Leases.Where(lease => lease.Incarnation == request.Holder.Incarnation).Select(lease => lease.Trial.Sweep);
        var settled = new List<Settlement>();
        var unsettled = new HashSet<SweepId>();
        await Task.WhenAll(running.Select(group => group.Key).Union(events.Select(group => group.Key)).Union(held).ToList().Select(async sweep =>
        {
            try
            {
                var settlement = await Schedule(sweep).Settle(new SettleRequest(request.Holder, request.Draining, [.. running[sweep]], [.. events[sweep]]));
                Answered(sweep, settlement.State);
                settled.Add(settlement);
            }
            // Whatever keeps one sweep from answering must not stop the others.
            catch (Exception error)
            {
                unsettled.Add(sweep);
                DoesNotAnswer(error, sweep);
            }
        }));
        return (settled, unsettled);
    }

    private async Task GrantAsync(ExchangeRequest request, List<TrialGrant> grants)
    {
        foreach (var open in _open.ToList())
        {
            var free = request.FreeSlots - grants.Count;
            if (free <= 0)
            {
                return;
            }

            GrantReply reply;
            try
            {
                reply = await Schedule(open.Id).Grant(request.Holder, free);
            }
            catch (Exception error)
            {
                DoesNotAnswer(error, open.Id);
                continue;
            }

            foreach (var grant in reply.Grants)
            {
                _leases.Hold(grant.Trial, grant.Lease, request.Holder.Worker, request.Holder.Incarnation, Clock);
                grants.Add(grant);
            }

            Answered(open.Id, reply.State);
        }
    }

    private async Task Check(CancellationToken cancellation)
    {
        await LoseAsync(_leases.Check(Clock));
        foreach (var open in _open.ToList())
        {
            var known = _leases.Leases.Where(lease => lease.Trial.Sweep == open.Id).ToList();
            try
            {
                var beat = await Schedule(open.Id).Tick();
                var until = Clock + _leases.TimeToLive;
                _leases.Align(known, [.. beat.Live.Select(live => new HeldLease(new TrialId(open.Id, live.Trial), live.Lease, live.Worker, live.Incarnation, until))]);
                Answered(open.Id, beat.State);
            }
            catch (Exception error)
            {
                DoesNotAnswer(error, open.Id);
            }
        }
    }

    private async Task LoseAsync(IReadOnlyList<HeldLease> over)
    {
        foreach (var sweep in over.GroupBy(lease => lease.Trial.Sweep))
        {
            try
            {
                await Schedule(sweep.Key).Lose([.. sweep.Select(lease => new LostLease(lease.Trial.Number, lease.Lease, lease.Loss))]);
            }
            catch (Exception error)
            {
                // To be lost again at the next check.
                foreach (var lease in sweep)
                {
                    _leases.Hold(lease);
                }

                DoesNotAnswer(error, sweep.Key);
            }
        }

        if (over.Count > 0)
        {
            LogLost(over.Count, string.Join(", ", over.Select(lease => lease.Worker).Distinct()));
            PokeWorkers();
        }
    }

    /// <summary>Goes on with an unfinished sweep as it was left, unless that is done already.</summary>
    private void TakeUp(LoadedSweep stored)
    {
        var sweep = stored.Sweep;
        if (_open.Any(open => open.Id == sweep.Id))
        {
            return;
        }

        Open(sweep.Id, sweep.Priority, sweep.Created);
        foreach (var trial in stored.Trials.Where(trial => trial.State.IsActive()))
        {
            _leases.Hold(new TrialId(sweep.Id, trial.Number), trial.Lease, trial.Worker!, trial.Incarnation!, Clock, inherited: true);
        }
    }

    private void Open(SweepId id, int priority, DateTimeOffset created)
    {
        _open.Add(new OpenSweep(id, priority, created));
        _open.Sort((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Created.CompareTo(b.Created));
    }

    private void Answered(SweepId sweep, SweepState state)
    {
        _silent.Remove(sweep);
        if (state.IsFinal() && _open.RemoveAll(open => open.Id == sweep) > 0)
        {
            _leases.Align(_leases.Leases.Where(lease => lease.Trial.Sweep == sweep).ToList(), []);
        }
    }

    /// <summary>Tells of it once, not every second.</summary>
    private void DoesNotAnswer(Exception error, SweepId sweep)
    {
        if (_silent.Add(sweep))
        {
            LogSweepDoesNotAnswer(error, sweep);
        }
    }

    /// <summary>There is something to do: have the workers ask now. A hint only; who does not hear it asks within a second.</summary>
    private void PokeWorkers()
    {
        foreach (var (name, incarnation) in _workers)
        {
            try
            {
                GrainFactory.GetGrain<IWorkerGrain>($"{name}|{incarnation}").Poke().Ignore();
            }
            catch (ArgumentException)
            {
                // Orleans knows no class for the interface while no worker is there.
            }
        }
    }

    private ISweepScheduleGrain Schedule(SweepId sweep) => GrainFactory.GetGrain<ISweepScheduleGrain>(sweep.Value);

    private sealed record OpenSweep(SweepId Id, int Priority, DateTimeOffset Created);
}
