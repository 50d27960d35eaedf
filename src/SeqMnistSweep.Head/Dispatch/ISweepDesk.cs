using System.Collections.Immutable;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>A sweep as the dispatcher sees it, near or behind a grain call. Everything it answers is durable.</summary>
internal interface ISweepDesk
{
    /// <summary>Takes in a worker's events of this sweep and compares its inventory with the leases it holds.</summary>
    Task<Settlement> Settle(SettleRequest request);

    Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room);

    Task Lose(ImmutableArray<LostLease> lost);

    /// <summary>Asks for the slots of running trials, for a sweep that goes first.</summary>
    Task TakeBack(ImmutableArray<(int Trial, long Lease)> leases, SweepId @for);

    /// <summary>Lets time-dependent limits act; tells every lease that is live.</summary>
    Task<SweepBeat> Tick();
}
