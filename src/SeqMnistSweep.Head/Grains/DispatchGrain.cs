using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Workers;
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
    IClusterMembershipService membership,
    ILogger<DispatchGrain> logger) : Grain, IDispatchGrain, IHeadGrain, ISweepNoticeGrain, IAskGrain, IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly SweepIntake _intake = new(store, new DatasetCheck(options), time);
    private readonly LeaseClock _leases = new(options.LeaseTime, CheckEvery);
    private readonly List<OpenSweep> _open = [];
    private readonly HashSet<SweepId> _silent = [];
    private readonly Fleet _fleet = new(options.LeaseTime);
    private readonly NameClaims _names = new();
    private readonly CancellationTokenSource _ending = new();
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

        foreach (var row in store.Reader.Workers())
        {
            _fleet.Remember(FleetWorker.From(row, Clock));
        }

        WatchMembership(_ending.Token).Ignore();
        this.RegisterGrainTimer(Check, new GrainTimerCreationOptions(CheckEvery, CheckEvery) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.Cancel();
        return Task.CompletedTask;
    }

    public void Dispose() => _ending.Dispose();

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
        var known = _fleet.Find(holder.Worker);
        if (!_leases.IsPast(holder.Worker, holder.Incarnation) && _names.Decide(known, holder.Worker, holder.Incarnation, Clock) is var claim and not NameClaim.Has)
        {
            return new ExchangeReply { HeadEpoch = store.Epoch, Acknowledged = 0, Refusal = claim == NameClaim.Refused ? NameTaken(known!) : null };
        }

        await LoseAsync(_leases.Heard(holder.Worker, holder.Incarnation, Clock));
        var past = _leases.IsPast(holder.Worker, holder.Incarnation);
        if (!past)
        {
            if (_fleet.Hear(request, Clock, time.GetUtcNow()))
            {
                LogJoined(holder.Worker, holder.Device, request.Slots);
            }

            await StoreWorker(holder.Worker);
        }

        var drain = _fleet.Find(holder.Worker) is { Drain: not null };
        var draining = request.Draining || request.Leaving || drain;
        var room = past || draining ? default : new GrantRoom(request.Offer, request.FreeSlots, request.Ahead);
        var (settled, unsettled, taken) = await SettleAsync(request, draining, room);
        var grants = settled.SelectMany(settlement => settlement.GrantsAgain.Concat(settlement.Grants)).ToList();
        await GrantAsync(holder, room.Less(grants.Count), taken, grants);
        return new ExchangeReply
        {
            HeadEpoch = store.Epoch,
            Acknowledged = request.Events.LastOrDefault()?.Sequence ?? 0,
            Unsettled = [.. unsettled],
            Grants = [.. grants],
            Verdicts = [.. settled.SelectMany(settlement => settlement.Verdicts)],
            Orders = [.. settled.SelectMany(settlement => settlement.Orders)],
            Drain = drain,
            Refusal = past && _fleet.Find(holder.Worker) is { IsThere: true } other && other.Incarnation != holder.Incarnation ? NameTaken(other) : null,
        };
    }

    private static string NameTaken(FleetWorker other) => $"the head hears another worker named {other.Name}, on {other.Device} at {other.Incarnation.Split('@')[0]}";

    private async Task<SubmitReply> SubmitAfter(Task before, SubmitRequest request)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (await _intake.FindAsync(request) is { Sweep: var found } stored)
        {
            if (!found.State.IsFinal())
            {
                TakeUp(stored);
            }

            PokeWorkers();
            return new SubmitReply(found.Id, true, found.State, PriorOf(found));
        }

        var sweep = await _intake.AddAsync(request);
        Open(sweep.Id, sweep.Priority, sweep.Created).State = sweep.State;
        PokeWorkers();
        return new SubmitReply(sweep.Id, false, sweep.State, PriorOf(sweep));
    }

    private static string? PriorOf(SweepRecord sweep) => sweep.Prior.Sources.IsEmpty ? null : sweep.Prior.ToString();

    /// <summary>
    /// Every sweep that the worker speaks of, or holds a lease of by the book, answers for itself. One that cannot does not hold up the
    /// others; its events stay unacknowledged. Where only the sweep that is next in line is concerned, it grants in the same turn and
    /// the same commit.
    /// </summary>
    private async Task<(List<Settlement> Settled, HashSet<SweepId> Unsettled, SweepId? Taken)> SettleAsync(ExchangeRequest request, bool draining, GrantRoom room)
    {
        var running = request.Running.ToLookup(running => running.Trial.Sweep);
        var events = request.Events.ToLookup(told => told.Trial.Sweep);
        var held = _leases.At(request.Holder.Worker).Where(lease => lease.Incarnation == request.Holder.Incarnation).Select(lease => lease.Trial.Sweep);
        var concerned = running.Select(group => group.Key).Union(events.Select(group => group.Key)).Union(held).ToList();
        SweepId? next = !room.IsEmpty && concerned is [var only] && _open is [var first, ..] && first.Id == only ? only : null;
        var settled = new List<Settlement>();
        var unsettled = new HashSet<SweepId>();
        await Task.WhenAll(concerned.Select(async sweep =>
        {
            try
            {
                var offered = sweep == next ? room with { Ahead = MayWorkAhead(sweep) ? room.Ahead : 0 } : default;
                var settlement = await Schedule(sweep).Settle(new SettleRequest(request.Holder, draining, [.. running[sweep]], [.. events[sweep]], offered));
                Hold(request.Holder, settlement.Grants);
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
        return (settled, unsettled, unsettled.Count == 0 ? next : null);
    }

    /// <param name="taken">A sweep that has granted all it can already.</param>
    private async Task GrantAsync(LeaseHolder holder, GrantRoom room, SweepId? taken, List<TrialGrant> grants)
    {
        foreach (var open in _open.Where(open => open.Id != taken).ToList())
        {
            var offered = room with { Ahead = MayWorkAhead(open.Id) ? room.Ahead : 0 };
            if (room.IsEmpty)
            {
                return;
            }

            if (offered.IsEmpty)
            {
                continue;
            }

            try
            {
                var reply = await Schedule(open.Id).Grant(holder, offered);
                Hold(holder, reply.Grants);
                Answered(open.Id, reply.State);
                grants.AddRange(reply.Grants);
                room = room.Less(reply.Grants.Length);
            }
            catch (Exception error)
            {
                DoesNotAnswer(error, open.Id);
            }
        }
    }

    /// <summary>Whether trials of this sweep may lie at a worker: not while another one of its rank, or above, waits for slots.</summary>
    private bool MayWorkAhead(SweepId sweep) =>
        _open.Find(open => open.Id == sweep) is { } asked && !_open.Exists(other => other != asked && other.Priority >= asked.Priority && other.State.IsOpen());

    private void Hold(LeaseHolder holder, ImmutableArray<TrialGrant> grants)
    {
        foreach (var grant in grants)
        {
            _leases.Hold(grant.Trial, grant.Lease, holder.Worker, holder.Incarnation, Clock);
        }
    }

    private async Task Check(CancellationToken cancellation)
    {
        await LoseAsync(_leases.Check(Clock));
        await CheckFleet();
        foreach (var open in _open.ToList())
        {
            var known = _leases.Leases.Where(lease => lease.Trial.Sweep == open.Id).ToList();
            try
            {
                var beat = await Schedule(open.Id).Tick();
                var now = Clock;
                _leases.Align(known, [.. beat.Live.Select(live => new HeldLease(new TrialId(open.Id, live.Trial), live.Lease, live.Worker, live.Incarnation, now + _leases.LifeOf(live.Incarnation)))]);
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

        Open(sweep.Id, sweep.Priority, sweep.Created).State = sweep.State;
        foreach (var trial in stored.Trials.Where(trial => trial.State.IsActive()))
        {
            _leases.Hold(new TrialId(sweep.Id, trial.Number), trial.Lease, trial.Worker!, trial.Incarnation!, Clock, inherited: true);
        }
    }

    /// <summary>The sweep's entry, with a new place when its priority has changed.</summary>
    private OpenSweep Open(SweepId id, int priority, DateTimeOffset created)
    {
        if (_open.Find(open => open.Id == id) is not { } entry)
        {
            _open.Add(entry = new OpenSweep(id, created));
        }

        entry.Priority = priority;
        _open.Sort((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Created.CompareTo(b.Created));
        return entry;
    }

    private void Answered(SweepId sweep, SweepState state)
    {
        _silent.Remove(sweep);
        if (_open.Find(open => open.Id == sweep) is not { } entry)
        {
            return;
        }

        entry.State = state;
        if (state.IsFinal())
        {
            _open.Remove(entry);
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

    private ISweepScheduleGrain Schedule(SweepId sweep) => GrainFactory.GetGrain<ISweepScheduleGrain>(sweep.Value);

    private sealed class OpenSweep(SweepId id, DateTimeOffset created)
    {
        public SweepId Id => id;

        public DateTimeOffset Created => created;

        public int Priority { get; set; }

        /// <summary>As it was last heard.</summary>
        public SweepState State { get; set; }
    }
}
