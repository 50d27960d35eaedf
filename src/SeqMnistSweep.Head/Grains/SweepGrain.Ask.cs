using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Head.Grains;

/// <content>What those ask and tell who are no workers.</content>
internal sealed partial class SweepGrain
{
    public async Task<GrantReply> Ask(LeaseHolder asker, WorkerOffer offer)
    {
        var held = Schedule().ActiveAt(asker.Incarnation).FirstOrDefault();
        var grants = held is null ? _desk.Grants(asker, new GrantRoom(offer, Slots: 1, Ahead: 0)) : [_desk.Schedule.GrantAgain(held.Number)];
        await Store();
        return new GrantReply(grants, _desk.Schedule.Sweep.State, _desk.Schedule.UseOfSlots(Now), grants is [var grant] ? _desk.Schedule.Trials[grant.Trial.Number].Epoch : 0);
    }

    public async Task<ToldReply> Tell(Told told)
    {
        var metrics = told.Metrics;
        if (told.Value is { } value)
        {
            metrics = (metrics ?? ImmutableSortedDictionary<string, double>.Empty).SetItem(Schedule().Definition.Metric.Name, value);
        }

        var answer = Decide(schedule => schedule.Tell(told.Trial, told.Lease, told.Epoch, metrics, told.End, Now));
        await Store();
        var trial = _desk.Schedule.Trials.GetValueOrDefault(told.Trial);
        var live = _desk.Schedule.Holds(told.Trial, told.Lease);
        return new ToldReply(
            answer.IsFenced,
            answer.Verdict ?? Trials.Verdict.Stop,
            trial?.State,
            trial?.Value,
            _desk.Schedule.Sweep.State,
            live ? Asker.LifeOf(trial!.Incarnation!) ?? options.LeaseTime : null);
    }
}
