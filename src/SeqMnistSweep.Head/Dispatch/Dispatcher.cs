using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>Brings workers and sweeps together: carries what a worker tells to the sweeps concerned, and hands out trials of the open ones
/// as <see cref="Placement"/> says. Decides nothing about a trial and keeps no lease; a sweep's state reaches it by one road, the snapshot
/// that the sweep publishes. Every method runs in the dispatcher's turn (<c>Run</c>), which is free while a sweep is asked.</summary>
internal sealed partial class Dispatcher(
    LeaseClock leases, FleetRegistry fleet, SweepActors sweeps, long headEpoch, TimeProvider time, ILogger<Dispatcher> logger)
{
    /// <summary>How often <see cref="Check"/> is to be called.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly Turns _turns = new();
    private readonly Placement _placement = new();
    private readonly HashSet<SweepId> _silent = [];
    private readonly WorkerNameRegistry _names = new();

    public FleetRegistry Fleet => fleet;

    private TimeSpan Clock => time.GetElapsedTime(0);

    /// <summary>Calls the dispatcher in its turn. Any thread may call.</summary>
    public Task<T> Run<T>(Func<Dispatcher, Task<T>> call) => _turns.Run(() => call(this));

    public Task Run(Func<Dispatcher, Task> call) => _turns.Run(() => call(this));

    public Task Run(Action<Dispatcher> call) => _turns.Run(() =>
    {
        call(this);
        return Task.CompletedTask;
    });

    public async Task<ExchangeReply> Exchange(ExchangeRequest request)
    {
        var holder = request.Holder;
        var known = fleet.Find(holder.Worker);
        if (!leases.IsPast(holder.Incarnation)
            && _names.Register(known, holder.Worker, holder.Incarnation, Clock) is var claim and not NameClaim.Has)
        {
            return new ExchangeReply { HeadEpoch = headEpoch, Acknowledged = 0, Refusal = claim == NameClaim.Refused ? NameTaken(known!)
                : null };
        }

        if (leases.Hear(holder.Worker, holder.Incarnation, Clock))
        {
            // What an earlier start of it held is free now.
            await TickAsync();
        }

        var past = leases.IsPast(holder.Incarnation);
        if (!past)
        {
            await fleet.HearAsync(request, Clock, time.GetUtcNow());
        }

        var drain = fleet.Find(holder.Worker) is { Drain: not null };
        var draining = request.Draining || request.Leaving || drain;
        var budget = past || draining
            ? default
            : new GrantBudget(request.Offer, request.FreeSlots, request.Ahead, fleet.HasOthers(holder.Worker), request.Gpu);
        var (settled, unsettled, taken) = await SettleAsync(request, draining, budget);
        var grants = settled.SelectMany(reply => reply.Again.Concat(reply.Grants)).ToList();
        await GrantAsync(holder, budget.Less(grants), taken, grants);
        return new ExchangeReply
        {
            HeadEpoch = headEpoch,
            Acknowledged = request.Events.LastOrDefault()?.Sequence ?? 0,
            Unsettled = [.. unsettled],
            Grants = [.. grants],
            Verdicts = [.. settled.SelectMany(reply => reply.Verdicts)],
            Orders = [.. settled.SelectMany(reply => reply.Orders)],
            Drain = drain,
            Refusal = past && fleet.Find(holder.Worker) is { IsThere: true } other && other.Incarnation != holder.Incarnation
                ? NameTaken(other)
                : null,
        };
    }

    /// <summary>To be called every <see cref="CheckEvery"/>; how late it comes tells that the head was frozen.</summary>
    public async Task Check()
    {
        leases.Check(Clock);
        await fleet.CheckAsync(Clock, leases.WasFrozen);
        await TickAsync();
        if (_placement.HasRanks)
        {
            await TakeBackAsync();
        }
    }

    /// <summary>The process of that incarnation has ended: its trials need not wait for their leases to run out.</summary>
    public async Task Expire(string incarnation)
    {
        fleet.Crash(incarnation);
        if (leases.Expire(incarnation))
        {
            await TickAsync();
        }
    }

    /// <summary>Somebody acted on a sweep: it may have more to grant, or orders that should not wait for the next beat.</summary>
    public void Changed(SweepRecord sweep)
    {
        _placement.Put(sweep);
        fleet.Poke();
    }

    /// <summary>Goes on with a sweep as it is stored, unless it has ended or that is done already.</summary>
    public async Task TakeUp(SweepOutline stored)
    {
        var isKnown = _placement.Open.Any(open => open.Id == stored.Sweep.Id);
        Changed(stored.Sweep);
        var held = isKnown ? [] : stored.Active;
        var losses = held.Select(trial => leases.LossOf(stored.Sweep.Id, trial.Holder!, Clock)).ToList();
        if (losses.Exists(loss => loss is not null))
        {
            await TickAsync();
        }
    }

    /// <summary>Who goes before this sweep, as a sentence; null when nobody does.</summary>
    public string? WhoIsAhead(SweepId sweep) => _placement.WhoIsAhead(sweep);

    private static string NameTaken(FleetWorker other) =>
        $"the head hears another worker named {other.Name}, on {other.Device} at {other.Incarnation.Split('@')[0]}";

    /// <summary>Every sweep that the worker speaks of, or that may have leases of it, answers for itself. One that cannot does not hold up
    /// the others; its events stay unacknowledged. Where only the sweep that is next in line is concerned, it grants in the same turn and
    /// the same commit.</summary>
    private async Task<(List<SettleReply> Settled, HashSet<SweepId> Unsettled, SweepId? Taken)> SettleAsync(
        ExchangeRequest request, bool draining, GrantBudget budget)
    {
        var running = request.Running.ToLookup(running => running.Trial.Sweep);
        var events = request.Events.ToLookup(told => told.Trial.Sweep);
        var held = leases.SweepsOf(request.Holder.Incarnation);
        var concerned = running.Select(group => group.Key).Union(events.Select(group => group.Key)).Union(held).ToList();
        SweepId? next = !budget.IsEmpty && concerned is [var only] && _placement.IsNext(only) ? only : null;
        var settled = new List<SettleReply>();
        var unsettled = new HashSet<SweepId>();
        await Task.WhenAll(concerned.Select(async sweep =>
        {
            var offered = sweep == next ? budget with { Ahead = _placement.MayWorkAhead(sweep) ? budget.Ahead : 0 } : default;
            var asked = new SettleRequest(request.Holder, draining, [.. running[sweep]], [.. events[sweep]], offered);
            if (await AskAsync(sweep, actor => actor.Settle(asked), () => SettleReply.OfMissing(asked)) is { } reply)
            {
                _placement.See(sweeps.Now(sweep), reply.Grants.Length);
                settled.Add(reply);
            }
            else
            {
                unsettled.Add(sweep);
            }
        }));
        return (settled, unsettled, unsettled.Count == 0 ? next : null);
    }

    private async Task GrantAsync(LeaseHolder holder, GrantBudget budget, SweepId? taken, List<TrialGrant> grants)
    {
        foreach (var offer in _placement.Offers(budget, except: taken))
        {
            if (await AskAsync<IReadOnlyList<TrialGrant>>(offer.Sweep,
                async actor => await actor.Grant(holder, offer.Budget)) is { } granted)
            {
                offer.Granted = granted.Count;
                offer.Gpu = offer.Budget.GpuWith(granted);
                _placement.See(sweeps.Now(offer.Sweep), granted.Count);
                grants.AddRange(granted);
            }
        }
    }

    /// <summary>Lets every open sweep end the leases whose holders have ended, and its limits act.</summary>
    private async Task TickAsync()
    {
        var lost = new List<string>();
        foreach (var open in _placement.Open.ToList())
        {
            var workers = await AskAsync(open.Id, actor => actor.Tick());
            lost.AddRange(workers ?? []);
            open.Ticked = workers is null ? null : sweeps.Now(open.Id);
            _placement.See(open.Ticked);
        }

        if (lost.Count > 0)
        {
            LogLost(lost.Count, string.Join(", ", lost.Distinct()));
            fleet.Lost(lost.Distinct());
        }
    }

    /// <summary>Has trials give their slots back where a sweep of higher priority waits.</summary>
    private async Task TakeBackAsync()
    {
        var preempted = _placement.Preempted(fleet.Workers.Where(worker => worker is { IsHeard: true, State: WorkerState.Ready })).ToList();
        foreach (var group in preempted)
        {
            var held = group.Select(holder => (holder.Trial.Number, holder.Lease)).ToList();
            await AskAsync<object>(group.Key.Of, async actor => await actor.TakeBack(held, group.Key.For));
        }

        if (preempted.Count > 0)
        {
            fleet.Poke();
        }
    }

    /// <returns>Null when the sweep does not answer, which must not stop the others. It is logged once, not every second.</returns>
    /// <param name="missing">The answer for a sweep that is not, or no longer, there.</param>
    private async Task<T?> AskAsync<T>(SweepId sweep, Func<SweepActor, Task<T>> call, Func<T>? missing = null)
        where T : class
    {
        try
        {
            var answer = await sweeps.Run(sweep, call);
            _silent.Remove(sweep);
            return answer;
        }
        catch (SweepMissingException) when (missing is not null)
        {
            return missing();
        }
        catch (Exception error)
        {
            if (_silent.Add(sweep))
            {
                LogSweepDoesNotAnswer(error, sweep);
            }

            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases of {Workers} ended: {Count}, without a word; their trials go back to the "
        + "queue.")]
    private partial void LogLost(int count, string workers);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep} does not answer; it is asked again and again.")]
    private partial void LogSweepDoesNotAnswer(Exception error, SweepId sweep);
}
