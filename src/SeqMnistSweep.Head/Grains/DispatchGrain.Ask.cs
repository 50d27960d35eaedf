using SeqMnistSweep.Grains;
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
            _leases.Hold(grant.Trial, grant.Lease, asker.Worker, asker.Incarnation, Clock);
            _leases.Renew(grant.Trial, grant.Lease, Clock);
        }

        Answered(sweep, reply.State);
        return reply;
    }

    public async Task<ToldReply> Tell(SweepId sweep, Told told)
    {
        // Before the write, which may take longer than the lease has left.
        var trial = new TrialId(sweep, told.Trial);
        _leases.Renew(trial, told.Lease, Clock);
        var reply = await Schedule(sweep).Tell(told);
        if (reply.ExpiresIn is null)
        {
            _leases.Release(trial, told.Lease);
        }

        Answered(sweep, reply.State);
        return reply;
    }
}
