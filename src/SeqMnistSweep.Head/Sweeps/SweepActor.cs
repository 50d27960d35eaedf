using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Head.Sweeps;

/// <summary>One sweep: its <see cref="SweepSchedule"/>, its way to the disk, and the leases of its trials, which nobody else keeps. Every
/// method runs in the sweep's turn (<see cref="SweepActors.Run"/>) and does the same: it changes the schedule in memory, waits until the
/// changes are durable, then answers. The turn is free during that wait, so many calls share one write (<see cref="WriteCoalescer"/>) and
/// the writes of many sweeps share one commit; no lock is held across it. After an error the actor answers nobody any more, and another is
/// built from what is stored.</summary>
internal sealed partial class SweepActor
{
    private const int MaxStartable = 1000;

    private readonly ISweepStorage _storage;
    private readonly LeaseClock _leases;
    private readonly TimeProvider _time;
    private readonly Action<Exception, SweepCause?> _failed;
    private readonly WriteCoalescer _writes;
    private readonly ProposalSearch _search;
    private readonly TimeSpan _loaded;
    private readonly Dictionary<int, (TimeSpan Granted, TrialProgress? Progress)> _attempts = [];
    private volatile SweepSnapshot _snapshot;
    private Exception? _error;

    /// <param name="failed">Called once, when this actor is of no more use: with the cause where something could not be decided, with null
    /// where what was decided could not be stored.</param>
    /// <param name="compute">Runs what a method computes, elsewhere than in the sweep's turn.</param>
    public SweepActor(
        SweepSchedule schedule, ISweepStorage storage, LeaseClock leases, TimeProvider time, Action<Exception, SweepCause?> failed,
        Func<Func<Action>, Task<Action>> compute)
    {
        (Schedule, _storage, _leases, _time, _failed) = (schedule, storage, leases, time, failed);
        _search = new ProposalSearch(compute, take =>
        {
            if (_error is null)
            {
                Decide(_ => take());
            }
        }, time);
        _writes = new WriteCoalescer(WriteAsync);
        _loaded = Clock;
        _snapshot = new SweepSnapshot(schedule.Sweep, schedule.UseOfSlots(Now), 0, schedule.PlacementConstraint, []);
    }

    public SweepSchedule Schedule { get; }

    /// <summary>For any thread.</summary>
    public SweepSnapshot Snapshot => _snapshot;

    private SweepId Id => Schedule.Sweep.Id;

    private DateTimeOffset Now => _time.GetUtcNow();

    private TimeSpan Clock => _time.GetElapsedTime(0);

    /// <summary>How far a running trial is; null where it has not said.</summary>
    public TrialProgress? ProgressOf(int trial) => _attempts.GetValueOrDefault(trial).Progress;

    public async Task<ImmutableArray<TrialGrant>> Grant(LeaseHolder holder, GrantBudget budget)
    {
        var grants = await GrantTo(holder, budget);
        await Store();
        return grants;
    }

    /// <summary>A trial for a client who asks for one, or the one that they hold already.</summary>
    public async Task<AskReply> Ask(LeaseHolder asker, WorkerOffer offer)
    {
        _leases.Renew(asker.Incarnation, asker.LeaseLife, Clock);
        var budget = new GrantBudget(offer, Slots: 1, Ahead: 0);
        if (MayHave(asker, budget))
        {
            await SearchAsync(asker, budget);
        }

        // The same client may have asked again meanwhile.
        var grant = Sound().ActiveAt(asker.Incarnation).FirstOrDefault() is { } held ? Schedule.GrantAgain(held.Number)
            : MayHave(asker, budget) ? GrantNow(asker, budget, ahead: false)
            : null;
        await Store();
        return new AskReply(grant, Schedule.Sweep.State, grant is null ? 0 : Schedule.Trials[grant.Trial.Number].EpochsDone);
    }

    /// <summary>What a client tells of a trial that they asked for. Renews the lease before the write, which may take longer than the lease
    /// has left.</summary>
    public async Task<ExternalReportReply> Tell(ExternalReport told)
    {
        var metrics = told.Metrics;
        if (told.Value is { } value)
        {
            metrics = (metrics ?? ImmutableSortedDictionary<string, double>.Empty).SetItem(Schedule.Definition.Metric.Name, value);
        }

        if (Schedule.Holds(told.Trial, told.Lease))
        {
            var held = Schedule.Trials[told.Trial];
            _leases.Renew(held.Incarnation!, held.LeaseLife, Clock);
        }

        var answer = Decide(schedule => schedule.Tell(told.Trial, told.Lease, told.Epoch, metrics, told.End, Now));
        await Store();
        var trial = Schedule.Trials.GetValueOrDefault(told.Trial);
        return new ExternalReportReply(
            answer.IsFenced,
            answer.Verdict ?? Verdict.Stop,
            trial?.State,
            trial?.Value,
            Schedule.Sweep.State,
            Schedule.Holds(told.Trial, told.Lease) ? _leases.LifeOf(trial!.LeaseLife) : null);
    }

    /// <summary>What somebody asks the sweep to do.</summary>
    public async Task<T> Act<T>(Func<SweepSchedule, DateTimeOffset, T> act)
    {
        var result = Decide(schedule => act(schedule, Now));
        await Store();
        return result;
    }

    /// <summary>Asks for the slots of running trials, for a sweep that goes first.</summary>
    public Task<bool> TakeBack(IReadOnlyList<(int Trial, long Lease)> leases, SweepId @for)
    {
        foreach (var (trial, lease) in leases)
        {
            Decide(schedule => schedule.TakeBack(trial, lease, @for));
        }

        return Task.FromResult(true);
    }

    /// <summary>Ends the leases whose holders have ended, and lets limits act.</summary>
    /// <returns>The workers that lost leases, once for each.</returns>
    public async Task<IReadOnlyList<string>> Tick()
    {
        var lost = new List<string>();
        foreach (var trial in Sound().Active.ToList())
        {
            if (_leases.LossOf(Id, trial.Holder!, Clock) is { } loss)
            {
                Decide(schedule => schedule.Lose(trial.Number, trial.Lease, loss, Now));
                lost.Add(trial.Worker!);
            }
        }

        Decide(schedule => schedule.Tick(Now));
        await Store();
        _snapshot = _snapshot with
        {
            Startable = Decide(schedule => schedule.Startable(MaxStartable, Now)),
            PlacementConstraint = Schedule.PlacementConstraint,
            Held = [.. Schedule.Active.Select(LeaseOf)],
        };
        return lost;
    }

    /// <summary>Waits until everything decided so far is durable, also where this call has nothing to store: what it answers may be on its
    /// way.</summary>
    public async Task Store()
    {
        await _writes.Durable(Sound().HasChanges);
        _snapshot = _snapshot with { Use = Schedule.UseOfSlots(Now) };
    }

    private LiveLease LeaseOf(TrialRecord trial) => new(
        trial.Number,
        trial.Lease,
        trial.Worker!,
        Clock - (_attempts.TryGetValue(trial.Number, out var attempt) ? attempt.Granted : _loaded),
        Schedule.PreemptedBy(trial.Number, trial.Lease) is not null);

    private async Task<ImmutableArray<TrialGrant>> GrantTo(LeaseHolder holder, GrantBudget budget)
    {
        var max = budget.Slots + (Schedule.MayWorkAhead ? budget.Ahead : 0);
        var grants = ImmutableArray.CreateBuilder<TrialGrant>();
        var room = budget;
        while (grants.Count < max && MayHave(holder, room))
        {
            await SearchAsync(holder, budget);
            if (!MayHave(holder, room) || GrantNow(holder, budget, ahead: grants.Count >= budget.Slots) is not { } grant) break;

            grants.Add(grant);
            room = room with { Gpu = room.GpuWith([grant]) };
        }

        return grants.ToImmutable();
    }

    private bool MayHave(LeaseHolder holder, GrantBudget budget) =>
        !budget.IsEmpty && Sound().PlacementConstraint is var needs && needs.Takes(budget.Offer)
        && budget.Gpu?.WhyNot(Id, needs.GpuMemory) is null
        && _leases.LossOf(Id, holder, Clock) is null;

    private TrialGrant? GrantNow(LeaseHolder holder, GrantBudget budget, bool ahead)
    {
        var grant = Decide(schedule => schedule.Grant(holder, Now, ahead, budget.HasOthers));
        if (grant is not null)
        {
            _attempts[grant.Trial.Number] = (Clock, null);
        }

        return grant;
    }

    private async Task SearchAsync(LeaseHolder holder, GrantBudget budget)
    {
        await _search.RunAsync(() => Decide(schedule => schedule.BeginSearch(holder, Now, budget.HasOthers)));
        Sound();
    }

    /// <exception cref="InvalidOperationException">This actor is of no more use.</exception>
    private SweepSchedule Sound() => _error is null
        ? Schedule
        : throw new InvalidOperationException($"sweep {Id} is being read again from the database: {_error.Message}", _error);

    private void Decide(Action<SweepSchedule> decide) => Decide(schedule =>
    {
        decide(schedule);
        return true;
    });

    /// <summary>A decision that fails half-way must not be stored by the next one.</summary>
    private T Decide<T>(Func<SweepSchedule, T> decide)
    {
        try
        {
            return decide(Sound());
        }
        catch (SweepRefusedException)
        {
            // Thrown before anything was changed.
            throw;
        }
        catch (Exception error) when (_error is null)
        {
            Fail(error, (error as DecisionFailedException)?.Cause ?? SweepCause.InternalError);
            throw;
        }
    }

    private async Task WriteAsync()
    {
        var changes = Sound().TakeChanges();
        try
        {
            if (await _storage.WriteAsync(Id, changes) == WriteOutcome.Fenced)
            {
                throw new InvalidOperationException($"the database knows more of sweep {Id} than this schedule does");
            }
        }
        catch (Exception error)
        {
            Fail(error, null);
            throw;
        }

        _storage.CleanUp(Id, changes, trial => Schedule.Trials[trial].Checkpoints);
        foreach (var change in changes)
        {
            if (change is SweepChange.TrialUpdated({ State: var state } trial, _) && state.IsFinal())
            {
                _attempts.Remove(trial.Number);
            }
            else if (change is SweepChange.SweepUpdated(var sweep))
            {
                // The schedule may be further by now, and what it decided meanwhile may yet fail to be written.
                _snapshot = _snapshot with { Sweep = sweep };
            }
        }
    }

    private void Fail(Exception error, SweepCause? cause)
    {
        if (_error is null)
        {
            _error = error;
            _failed(error, cause);
        }
    }
}
