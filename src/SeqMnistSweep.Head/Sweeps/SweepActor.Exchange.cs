namespace SeqMnistSweep.Head.Sweeps;

/// <content>What a worker's exchange is to the sweep.</content>
internal sealed partial class SweepActor
{
    /// <summary>Takes in a worker's events of this sweep, compares what it runs with the leases that it holds, and grants within its
    /// budget.</summary>
    public async Task<SettleReply> Settle(SettleRequest request)
    {
        var verdicts = Take(request);
        var orders = OrdersFor(request);
        var again = MissingAt(request);
        var grants = await GrantTo(request.Holder, request.Budget.Less(again));
        await Store();
        return new SettleReply(verdicts, orders, again, grants);
    }

    private ImmutableArray<TrialVerdict> Take(SettleRequest request)
    {
        var verdicts = ImmutableArray.CreateBuilder<TrialVerdict>();
        foreach (var told in request.Events)
        {
            if (!IsOf(request.Holder, told.Trial) || WithoutMissingFile(told)?.Bounded() is not { } happened) continue;

            var answer = Decide(schedule => schedule.Apply(told.Trial.Number, told.Lease, happened, Now));
            if (told.Event is AttemptEvent.Reported(var report, _) && answer.Verdict is { } verdict)
            {
                verdicts.Add(new TrialVerdict(told.Trial, told.Lease, report.Epoch, verdict));
            }
        }

        return verdicts.ToImmutable();
    }

    /// <summary>Whether the trial's last lease was given to this holder: the number of a lease is no secret.</summary>
    private bool IsOf(LeaseHolder holder, TrialId trial) =>
        Sound().Trials.TryGetValue(trial.Number, out var held) && held.Incarnation == holder.Incarnation;

    /// <summary>The database never names a file that is not there.</summary>
    private AttemptEvent? WithoutMissingFile(NumberedEvent told) => told.Event switch
    {
        AttemptEvent.Reported { Checkpoint: { } file } reported when !_storage.Has(told.Trial, file) => reported with { Checkpoint = null },
        AttemptEvent.Checkpointed(var file) when !_storage.Has(told.Trial, file) => null,
        var happened => happened,
    };

    private ImmutableArray<TrialOrder> OrdersFor(SettleRequest request)
    {
        var orders = ImmutableArray.CreateBuilder<TrialOrder>();
        var ended = request.Events.Where(told => told.Event.EndsAttempt).Select(told => (told.Trial, told.Lease)).ToHashSet();
        foreach (var running in request.Running.Where(running => !ended.Contains((running.Trial, running.Lease))))
        {
            var number = running.Trial.Number;
            if (!IsOf(request.Holder, running.Trial) || !Sound().Holds(number, running.Lease))
            {
                orders.Add(new TrialOrder(running.Trial, running.Lease));
                continue;
            }

            if (Schedule.PreemptedBy(number, running.Lease) is not null)
            {
                orders.Add(new TrialOrder(running.Trial, running.Lease, GiveBack: true));
            }

            if (running.Progress is { } progress)
            {
                _attempts[number] = (_attempts.TryGetValue(number, out var attempt) ? attempt.Granted : _loaded, progress);
            }
        }

        return orders.ToImmutable();
    }

    /// <summary>Leases of the holder that it does not run, after its events are taken in: their grant never arrived. A draining worker
    /// gives them back.</summary>
    private ImmutableArray<TrialGrant> MissingAt(SettleRequest request)
    {
        var known = request.Running.Select(running => running.Trial.Number).ToHashSet();
        var missing = Schedule.ActiveAt(request.Holder.Incarnation).Where(trial => !known.Contains(trial.Number)).ToList();
        if (!request.Draining) return [.. missing.Select(trial => Schedule.GrantAgain(trial.Number))];

        foreach (var trial in missing)
        {
            var released = new AttemptEvent.Released("never started: the worker is draining");
            Decide(schedule => schedule.Apply(trial.Number, trial.Lease, released, Now));
        }

        return [];
    }
}
