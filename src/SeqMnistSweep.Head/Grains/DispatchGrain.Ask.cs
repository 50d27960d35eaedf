using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <content>Trials for those who are no workers: the same schedules, the same leases.</content>
internal sealed partial class DispatchGrain
{
    public async Task<GrantReply> Ask(SweepId sweep, LeaseHolder asker, WorkerOffer offer)
    {
        var reply = await Schedule(sweep).Ask(asker, offer);
        foreach (var grant in reply.Grants)
        {
            _dispatcher.Leases.Hold(grant.Trial, grant.Lease, asker.Worker, asker.Incarnation, _dispatcher.Clock);
            _dispatcher.Leases.Renew(grant.Trial, grant.Lease, _dispatcher.Clock);
        }

        _dispatcher.Answered(sweep, reply.State);
        return reply;
    }

    public async Task<ToldReply> Tell(SweepId sweep, Told told)
    {
        // Before the write, which may take longer than the lease has left.
        var trial = new TrialId(sweep, told.Trial);
        _dispatcher.Leases.Renew(trial, told.Lease, _dispatcher.Clock);
        var reply = await Schedule(sweep).Tell(told);
        if (reply.ExpiresIn is null)
        {
            _dispatcher.Leases.Release(trial, told.Lease);
        }

        _dispatcher.Answered(sweep, reply.State);
        return reply;
    }
}
