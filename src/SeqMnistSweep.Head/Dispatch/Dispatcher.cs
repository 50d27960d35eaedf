using System.Collections.Immutable;
using System.Globalization;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>
/// Knows the workers and the leases, and hands out trials of the open sweeps: by priority, among equals by <see cref="FairShare"/>. A cache of the database:
/// sweeps decide for themselves, this only carries their answers. For one thread at a time, as grains are; calls interleave where it waits
/// for a sweep.
/// </summary>
internal sealed class Dispatcher(TimeSpan leaseTime, TimeSpan checkEvery, long headEpoch, IDispatchHost host, TimeProvider time)
{
    /// <summary>How far a sweep's next turn is foretold.</summary>
    private const int MostForetold = 1000;

    private readonly List<OpenSweep> _open = [];      // the highest priority first, then the oldest
    private readonly HashSet<SweepId> _silent = [];
    private readonly NameClaims _names = new();

    public LeaseClock Leases { get; } = new(leaseTime, checkEvery);

    public Fleet Fleet { get; } = new(leaseTime);

    public TimeSpan Clock => time.GetElapsedTime(0);

    public async Task<ExchangeReply> Exchange(ExchangeRequest request)
    {
        var holder = request.Holder;
        var known = Fleet.Find(holder.Worker);
        if (!Leases.IsPast(holder.Worker, holder.Incarnation) && _names.Decide(known, holder.Worker, holder.Incarnation, Clock) is var claim and not NameClaim.Has)
        {
            return new ExchangeReply { HeadEpoch = headEpoch, Acknowledged = 0, Refusal = claim == NameClaim.Refused ? NameTaken(known!) : null };
        }

        await LoseAsync(Leases.Heard(holder.Worker, holder.Incarnation, Clock));
        var past = Leases.IsPast(holder.Worker, holder.Incarnation);
        if (!past)
        {
            if (Fleet.Hear(request, Clock, time.GetUtcNow()))
            {
                host.Joined(holder.Worker, holder.Device, request.Slots);
            }

            await host.StoreWorker(holder.Worker);
        }

        var drain = Fleet.Find(holder.Worker) is { Drain: not null };
        var draining = request.Draining || request.Leaving || drain;
        var room = past || draining ? default : new GrantRoom(request.Offer, request.FreeSlots, request.Ahead, Fleet.HasOthers(holder.Worker));
        var (settled, unsettled, taken) = await SettleAsync(request, draining, room);
        var grants = settled.SelectMany(settlement => settlement.GrantsAgain.Concat(settlement.Grants)).ToList();
        await GrantAsync(holder, room.Less(grants.Count), taken, grants);
        return new ExchangeReply
        {
            HeadEpoch = headEpoch,
            Acknowledged = request.Events.LastOrDefault()?.Sequence ?? 0,
            Unsettled = [.. unsettled],
            Grants = [.. grants],
            Verdicts = [.. settled.SelectMany(settlement => settlement.Verdicts)],
            Orders = [.. settled.SelectMany(settlement => settlement.Orders)],
            Drain = drain,
            Refusal = past && Fleet.Find(holder.Worker) is { IsThere: true } other && other.Incarnation != holder.Incarnation ? NameTaken(other) : null,
        };
    }

    private static string NameTaken(FleetWorker other) => $"the head hears another worker named {other.Name}, on {other.Device} at {other.Incarnation.Split('@')[0]}";

    /// <summary>
    /// Every sweep that the worker speaks of, or holds a lease of by the book, answers for itself. One that cannot does not hold up the
    /// others; its events stay unacknowledged. Where only the sweep that is next in line is concerned, it grants in the same turn and
    /// the same commit.
    /// </summary>
    private async Task<(List<Settlement> Settled, HashSet<SweepId> Unsettled, SweepId? Taken)> SettleAsync(ExchangeRequest request, bool draining, GrantRoom room)
    {
        var running = request.Running.ToLookup(running => running.Trial.Sweep);
        var events = request.Events.ToLookup(told => told.Trial.Sweep);
        var held = Leases.At(request.Holder.Worker).Where(lease => lease.Incarnation == request.Holder.Incarnation).Select(lease => lease.Trial.Sweep);
        var concerned = running.Select(group => group.Key).Union(events.Select(group => group.Key)).Union(held).ToList();
        SweepId? next = !room.IsEmpty && concerned is [var only] && _open is [var first, .. var others] && first.Id == only && !others.Exists(other => IsRival(first, other)) ? only : null;
        var settled = new List<Settlement>();
        var unsettled = new HashSet<SweepId>();
        await Task.WhenAll(concerned.Select(async sweep =>
        {
            try
            {
                var offered = sweep == next ? room with { Ahead = MayWorkAhead(sweep) ? room.Ahead : 0 } : default;
                var settlement = await host.Desk(sweep).Settle(new SettleRequest(request.Holder, draining, [.. running[sweep]], [.. events[sweep]], offered));
                Hold(request.Holder, settlement.Grants);
                Answered(sweep, settlement.State, settlement.Use, settlement.Grants.Length);
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
        foreach (var equals in _open.Where(open => open.Id != taken).GroupBy(open => open.Priority).Select(group => group.ToList()).ToList())
        {
            while (!room.IsEmpty && equals.Count > 0)
            {
                var turns = FairShare.Turns([.. equals.Select(open => open.Share)], room.Slots);
                foreach (var (open, slots) in equals.Zip(turns).ToList())
                {
                    var ahead = MayWorkAhead(open.Id) ? room.Ahead : 0;
                    if (slots + ahead == 0)
                    {
                        equals.RemoveAll(other => other == open && room.Slots == 0);
                        continue;
                    }

                    var granted = await GrantAsync(holder, open, room with { Slots = slots, Ahead = ahead }, grants);
                    room = room.Less(granted);
                    if (granted < slots + ahead)
                    {
                        // It takes no more of this worker: what it did not use is for the others, and forgotten.
                        open.Share.Pass(FairShare.Now([.. equals.Select(equal => equal.Share)]));
                        equals.Remove(open);
                    }
                }
            }
        }
    }

    /// <returns>How many it granted.</returns>
    private async Task<int> GrantAsync(LeaseHolder holder, OpenSweep open, GrantRoom room, List<TrialGrant> grants)
    {
        open.Share.Ask(room.Slots);
        try
        {
            var reply = await host.Desk(open.Id).Grant(holder, room);
            Hold(holder, reply.Grants);
            Answered(open.Id, reply.State, reply.Use, reply.Grants.Length);
            grants.AddRange(reply.Grants);
            return reply.Grants.Length;
        }
        catch (Exception error)
        {
            DoesNotAnswer(error, open.Id);
            return 0;
        }
        finally
        {
            open.Share.Ask(-room.Slots);
        }
    }

    /// <summary>Who goes before this sweep, as a sentence; null when nobody does.</summary>
    public string? Ahead(SweepId sweep)
    {
        if (_open.Find(open => open.Id == sweep) is not { } asked)
        {
            return null;
        }

        if (_open.Find(other => other.Priority > asked.Priority && other.State.IsOpen() && other.Wish.Startable > 0) is { } first)
        {
            return $"sweep {first.Id} of priority {first.Priority} goes first";
        }

        var equals = _open.Where(other => other == asked || IsRival(asked, other)).ToList();
        var (before, next) = FairShare.Wait([.. equals.Select(open => open.Share)], equals.IndexOf(asked), MostForetold);
        return before == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"sweep {equals[next].Id} of weight {equals[next].Share.Weight} is ahead; this one, of weight {asked.Share.Weight}, has its turn after {before} more trial(s)");
    }

    /// <summary>Whether both may want the same slot, and neither goes first.</summary>
    private static bool IsRival(OpenSweep sweep, OpenSweep other) => other != sweep && other.Priority == sweep.Priority && other.State.IsOpen();

    /// <summary>Whether trials of this sweep may lie at a worker: not while another one of its rank, or above, waits for slots.</summary>
    private bool MayWorkAhead(SweepId sweep) =>
        _open.Find(open => open.Id == sweep) is { } asked && !_open.Exists(other => other != asked && other.Priority >= asked.Priority && other.State.IsOpen());

    /// <summary>Has trials give their slots back where a sweep of higher priority waits.</summary>
    private async Task TakeBackAsync(HashSet<(TrialId, long)> leaving)
    {
        var priorities = _open.ToDictionary(open => open.Id, open => open.Priority);
        var workers = Fleet.Workers.Where(worker => worker is { IsHeard: true, State: WorkerState.Ready }).Select(worker => new SlotsOfWorker(
            worker.Slots,
            worker.Offer,
            [.. Leases.At(worker.Name).Where(held => priorities.ContainsKey(held.Trial.Sweep)).Select(held => new SlotHolder(
                held.Trial, held.Lease, priorities[held.Trial.Sweep], Clock - held.Since, leaving.Contains((held.Trial, held.Lease))))])).ToList();
        var wishes = _open.Where(open => open.State.IsOpen() && open.Wish is { Startable: > 0, Fit: not null }).Select(open => new SlotWish(open.Id, open.Priority, open.Wish.Startable, open.Wish.Fit!));
        var taken = Preemption.Of(wishes, workers);
        foreach (var sweep in taken.GroupBy(one => (one.Holder.Trial.Sweep, one.For)))
        {
            try
            {
                await host.Desk(sweep.Key.Sweep).TakeBack([.. sweep.Select(one => (one.Holder.Trial.Number, one.Holder.Lease))], sweep.Key.For);
            }
            catch (Exception error)
            {
                DoesNotAnswer(error, sweep.Key.Sweep);
            }
        }

        if (taken.Count > 0)
        {
            host.TakenBack();
        }
    }

    private void Hold(LeaseHolder holder, ImmutableArray<TrialGrant> grants)
    {
        foreach (var grant in grants)
        {
            Leases.Hold(grant.Trial, grant.Lease, holder.Worker, holder.Incarnation, Clock);
        }
    }

    /// <summary>To be called every <c>checkEvery</c>; how late it comes tells that the head was frozen.</summary>
    public async Task Check()
    {
        await LoseAsync(Leases.Check(Clock));
        if (Leases.WasFrozen)
        {
            Fleet.Forgive(Clock);
        }

        Fleet.Check(Clock);
        foreach (var worker in Fleet.Workers.ToList())
        {
            await host.StoreWorker(worker.Name);
        }

        var leaving = new HashSet<(TrialId, long)>();
        foreach (var open in _open.ToList())
        {
            var known = Leases.Leases.Where(lease => lease.Trial.Sweep == open.Id).ToList();
            try
            {
                var beat = await host.Desk(open.Id).Tick();
                var now = Clock;
                Leases.Align(known, [.. beat.Live.Select(live => new HeldLease(new TrialId(open.Id, live.Trial), live.Lease, live.Worker, live.Incarnation, now + Leases.LifeOf(live.Incarnation), Since: now))]);
                leaving.UnionWith(beat.Live.Where(live => live.GivesBack).Select(live => (new TrialId(open.Id, live.Trial), live.Lease)));
                open.Wish = (beat.Startable, beat.Fit);
                Answered(open.Id, beat.State, beat.Use);
            }
            catch (Exception error)
            {
                open.Wish = default;
                DoesNotAnswer(error, open.Id);
            }
        }

        if (_open is [var top, .., var bottom] && top.Priority > bottom.Priority)
        {
            await TakeBackAsync(leaving);
        }
    }

    /// <summary>That start of a worker is known to have ended: its trials need not wait for their leases to run out.</summary>
    public Task BuryAsync(string incarnation)
    {
        Fleet.Crash(incarnation);
        return LoseAsync(Leases.Bury(incarnation));
    }

    private async Task LoseAsync(IReadOnlyList<HeldLease> over)
    {
        foreach (var sweep in over.GroupBy(lease => lease.Trial.Sweep))
        {
            try
            {
                await host.Desk(sweep.Key).Lose([.. sweep.Select(lease => new LostLease(lease.Trial.Number, lease.Lease, lease.Loss))]);
            }
            catch (Exception error)
            {
                // To be lost again at the next check.
                foreach (var lease in sweep)
                {
                    Leases.Hold(lease);
                }

                DoesNotAnswer(error, sweep.Key);
            }
        }

        if (over.Count > 0)
        {
            host.Lost(over.Count, [.. over.Select(lease => lease.Worker).Distinct()]);
        }
    }

    /// <summary>Goes on with an unfinished sweep as it was left, unless that is done already.</summary>
    public void TakeUp(SweepOutline stored)
    {
        var sweep = stored.Sweep;
        if (_open.Any(open => open.Id == sweep.Id))
        {
            return;
        }

        Open(sweep.Id, sweep.Priority, sweep.Created, sweep.Weight).State = sweep.State;
        foreach (var trial in stored.Active)
        {
            Leases.Hold(new TrialId(sweep.Id, trial.Number), trial.Lease, trial.Worker!, trial.Incarnation!, Clock, inherited: true);
        }
    }

    /// <summary>The sweep's entry, with a new place when its priority has changed.</summary>
    public OpenSweep Open(SweepId id, int priority, DateTimeOffset created, double weight)
    {
        var entry = _open.Find(open => open.Id == id);
        if (entry?.Priority != priority)
        {
            var equals = _open.Where(open => open != entry && open.Priority == priority).Select(open => open.Share).ToList();
            if (entry is null)
            {
                _open.Add(entry = new OpenSweep(id, created));
            }

            entry.Share.Join(equals);
        }

        entry.Priority = priority;
        entry.Share.Weight = weight;
        _open.Sort((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Created.CompareTo(b.Created));
        return entry;
    }

    /// <param name="use">Null where the answer does not tell.</param>
    public void Answered(SweepId sweep, SweepState state, SlotUse? use = null, int granted = 0)
    {
        _silent.Remove(sweep);
        if (_open.Find(open => open.Id == sweep) is not { } entry)
        {
            return;
        }

        entry.State = state;
        if (use is { } told)
        {
            entry.Share.Tell(told, granted);
        }

        if (state.IsFinal())
        {
            _open.Remove(entry);
            Leases.Align(Leases.Leases.Where(lease => lease.Trial.Sweep == sweep).ToList(), []);
        }
    }

    /// <summary>Tells of it once, not every second.</summary>
    private void DoesNotAnswer(Exception error, SweepId sweep)
    {
        if (_silent.Add(sweep))
        {
            host.DoesNotAnswer(error, sweep);
        }
    }
}
