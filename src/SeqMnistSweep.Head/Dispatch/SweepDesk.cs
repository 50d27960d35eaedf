using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Results;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>
/// One <see cref="SweepSchedule"/> and its way to the disk: every call changes it in memory first, then waits until the changes are
/// durable, then answers. Calls interleave at that wait, so many share one commit. After a write that failed it answers nobody any more,
/// and another desk is built from what is stored. For one thread at a time, as grains are.
/// </summary>
/// <param name="write">Applies all of the changes or none, and completes when that is durable.</param>
/// <param name="broken">Called when this desk is of no more use.</param>
internal sealed class SweepDesk(
    SweepSchedule schedule, Func<ImmutableArray<SweepChange>, Task<WriteOutcome>> write, Action<Exception> broken, TimeProvider time) : ISweepDesk
{
    private const int MostStartable = 1000;

    private readonly Dictionary<int, TrialProgress> _progress = [];
    private WriteTurns? _turns;
    private Exception? _broken;

    /// <summary>Also that of a desk of no more use; to decide by, take <see cref="Sound"/>.</summary>
    public SweepSchedule Schedule => schedule;

    private DateTimeOffset Now => time.GetUtcNow();

    public TrialProgress? ProgressOf(int trial) => _progress.GetValueOrDefault(trial);

    public void ForgetProgress(int trial) => _progress.Remove(trial);

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
            if (!Sound().Holds(running.Trial.Number, running.Lease))
            {
                orders.Add(new TrialOrder(running.Trial, running.Lease));
                continue;
            }

            if (schedule.PreemptedBy(running.Trial.Number, running.Lease) is not null)
            {
                orders.Add(new TrialOrder(running.Trial, running.Lease, GiveBack: true));
            }

            if (running.Progress is { } progress)
            {
                _progress[running.Trial.Number] = progress;
            }
        }

        var again = MissingAt(request);
        var grants = Grants(request.Holder, request.Room.Less(again.Length));
        await Store();
        return new Settlement(verdicts.ToImmutable(), orders.ToImmutable(), again, schedule.Sweep.State, grants, schedule.UseOfSlots(Now));
    }

    public async Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room)
    {
        var grants = Grants(holder, room);
        await Store();
        return new GrantReply(grants, schedule.Sweep.State, schedule.UseOfSlots(Now));
    }

    public async Task Lose(ImmutableArray<LostLease> lost)
    {
        foreach (var lease in lost)
        {
            Decide(schedule => schedule.Lose(lease.Trial, lease.Lease, lease.Loss, Now));
        }

        await Store();
    }

    public Task TakeBack(ImmutableArray<(int Trial, long Lease)> leases, SweepId @for)
    {
        foreach (var (trial, lease) in leases)
        {
            Decide(schedule => schedule.TakeBack(trial, lease, @for));
        }

        return Task.CompletedTask;
    }

    public async Task<SweepBeat> Tick()
    {
        Decide(schedule => schedule.Tick(Now));
        await Store();
        return new SweepBeat(
            schedule.Sweep.State,
            [.. schedule.Active.Select(trial => new LiveLease(trial.Number, trial.Lease, trial.Worker!, trial.Incarnation!, schedule.PreemptedBy(trial.Number, trial.Lease) is not null))],
            schedule.UseOfSlots(Now),
            Decide(schedule => schedule.Startable(MostStartable, Now)),
            schedule.Fit);
    }

    public ImmutableArray<TrialGrant> Grants(LeaseHolder holder, GrantRoom room)
    {
        if (room.IsEmpty || !Sound().Fit.Takes(room.Offer))
        {
            return [];
        }

        var most = room.Slots + (schedule.MayWorkAhead ? room.Ahead : 0);
        var grants = ImmutableArray.CreateBuilder<TrialGrant>();
        while (grants.Count < most && Decide(schedule => schedule.Grant(holder, Now, ahead: grants.Count >= room.Slots, room.HasOthers)) is { } grant)
        {
            _progress.Remove(grant.Trial.Number);
            grants.Add(grant);
        }

        return grants.ToImmutable();
    }

    /// <exception cref="InvalidOperationException">This desk is of no more use.</exception>
    public SweepSchedule Sound() =>
        _broken is null ? schedule : throw new InvalidOperationException($"sweep {schedule.Sweep.Id} is being read again from the database: {_broken.Message}", _broken);

    public void Decide(Action<SweepSchedule> decide) => Decide(schedule =>
    {
        decide(schedule);
        return true;
    });

    /// <summary>A decision that fails half-way must not be stored by the next one.</summary>
    public T Decide<T>(Func<SweepSchedule, T> decide)
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
        catch (Exception error) when (_broken is null)
        {
            Break(error);
            throw;
        }
    }

    /// <summary>Waits until everything decided so far is durable. Also with nothing new to store: what is told again may be on its way to the disk still.</summary>
    public Task Store()
    {
        var sound = Sound();
        return (_turns ??= new WriteTurns(StoreChanges)).Durable(sound.HasChanges);
    }

    private async Task StoreChanges()
    {
        var changes = Sound().TakeChanges();
        try
        {
            if (await write(changes) == WriteOutcome.Fenced)
            {
                throw new InvalidOperationException($"the database knows more of sweep {schedule.Sweep.Id} than this schedule does");
            }
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
        broken(error);
    }

    /// <summary>Leases that the holder has by the book but not in a slot, after its events are taken in: their grant never arrived. A draining worker gives them back.</summary>
    private ImmutableArray<TrialGrant> MissingAt(SettleRequest request)
    {
        var known = request.Running.Select(running => running.Trial.Number).ToHashSet();
        var missing = schedule.ActiveAt(request.Holder.Incarnation).Where(trial => !known.Contains(trial.Number)).ToList();
        if (!request.Draining)
        {
            return [.. missing.Select(trial => schedule.GrantAgain(trial.Number))];
        }

        foreach (var trial in missing)
        {
            Decide(schedule => schedule.Apply(trial.Number, trial.Lease, new AttemptEvent.Released("never started: the worker is draining"), Now));
        }

        return [];
    }
}
