using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>The dispatcher's view of a sweep; the same grain as <see cref="ISweepGrain"/>, closed to clients. Everything it answers is durable.</summary>
[Alias("seqsweep.ISweepScheduleGrain")]
internal interface ISweepScheduleGrain : IGrainWithStringKey
{
    /// <summary>Takes in a worker's events of this sweep and compares its inventory with the leases it holds.</summary>
    [Alias("Settle")]
    Task<Settlement> Settle(SettleRequest request);

    /// <summary>At most <paramref name="slots"/> new grants.</summary>
    [Alias("Grant")]
    Task<GrantReply> Grant(LeaseHolder holder, int slots);

    [Alias("Lose")]
    Task Lose(ImmutableArray<LostLease> lost);

    /// <summary>Lets time-dependent limits act; tells every lease that is live.</summary>
    [Alias("Tick")]
    Task<SweepBeat> Tick();
}

[GenerateSerializer, Immutable, Alias("seqsweep.SettleRequest")]
internal sealed record SettleRequest(
    [property: Id(0)] LeaseHolder Holder,
    [property: Id(1)] bool Draining,
    [property: Id(2)] ImmutableArray<RunningAttempt> Running,
    [property: Id(3)] ImmutableArray<NumberedEvent> Events);

/// <param name="GrantsAgain">Live leases that the holder does not know of: their grant was lost on the way.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.Settlement")]
internal sealed record Settlement(
    [property: Id(0)] ImmutableArray<TrialVerdict> Verdicts,
    [property: Id(1)] ImmutableArray<TrialOrder> Orders,
    [property: Id(2)] ImmutableArray<TrialGrant> GrantsAgain,
    [property: Id(3)] SweepState State);

[GenerateSerializer, Immutable, Alias("seqsweep.GrantReply")]
internal sealed record GrantReply([property: Id(0)] ImmutableArray<TrialGrant> Grants, [property: Id(1)] SweepState State);

[GenerateSerializer, Immutable, Alias("seqsweep.LostLease")]
internal readonly record struct LostLease([property: Id(0)] int Trial, [property: Id(1)] long Lease, [property: Id(2)] LeaseLoss Loss);

[GenerateSerializer, Immutable, Alias("seqsweep.SweepBeat")]
internal sealed record SweepBeat([property: Id(0)] SweepState State, [property: Id(1)] ImmutableArray<LiveLease> Live);

[GenerateSerializer, Immutable, Alias("seqsweep.LiveLease")]
internal sealed record LiveLease([property: Id(0)] int Trial, [property: Id(1)] long Lease, [property: Id(2)] string Worker, [property: Id(3)] string Incarnation);
