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

    [Alias("Grant")]
    Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room);

    /// <summary>A trial for somebody who asks for one, or the one that they hold already.</summary>
    [Alias("Ask")]
    Task<GrantReply> Ask(LeaseHolder asker, WorkerOffer offer);

    /// <summary>What somebody tells of a trial that they asked for.</summary>
    [Alias("Tell")]
    Task<ToldReply> Tell(Told told);

    [Alias("Lose")]
    Task Lose(ImmutableArray<LostLease> lost);

    /// <summary>Asks for the slots of running trials, for a sweep that goes first.</summary>
    [Alias("TakeBack")]
    Task TakeBack(ImmutableArray<(int Trial, long Lease)> leases, SweepId @for);

    /// <summary>Lets limits act; tells every lease that is live.</summary>
    [Alias("Tick")]
    Task<SweepBeat> Tick();

    [Alias("GetStanding")]
    Task<SweepStanding> GetStanding();
}

[GenerateSerializer, Immutable, Alias("seqsweep.SettleRequest")]
internal sealed record SettleRequest(
    [property: Id(0)] LeaseHolder Holder,
    [property: Id(1)] bool Draining,
    [property: Id(2)] ImmutableArray<RunningAttempt> Running,
    [property: Id(3)] ImmutableArray<NumberedEvent> Events,
    [property: Id(4)] GrantRoom Room);

/// <summary>What a worker can take.</summary>
/// <param name="Slots">Free ones.</param>
/// <param name="Ahead">Trials wanted beyond them.</param>
/// <param name="HasOthers">Whether another worker is ready: what failed at this one is better tried there.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.GrantRoom")]
internal readonly record struct GrantRoom([property: Id(0)] WorkerOffer Offer, [property: Id(1)] int Slots, [property: Id(2)] int Ahead, [property: Id(3)] bool HasOthers = false)
{
    public bool IsEmpty => Slots <= 0 && Ahead <= 0;

    public GrantRoom Less(int grants) => this with { Slots = Math.Max(0, Slots - grants), Ahead = Math.Max(0, Ahead - Math.Max(0, grants - Slots)) };
}

/// <param name="GrantsAgain">Live leases that the holder does not know of: their grant was lost on the way.</param>
/// <param name="Grants">New ones, for the room that was offered.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.Settlement")]
internal sealed record Settlement(
    [property: Id(0)] ImmutableArray<TrialVerdict> Verdicts,
    [property: Id(1)] ImmutableArray<TrialOrder> Orders,
    [property: Id(2)] ImmutableArray<TrialGrant> GrantsAgain,
    [property: Id(3)] SweepState State,
    [property: Id(4)] ImmutableArray<TrialGrant> Grants,
    [property: Id(5)] SlotUse Use);

/// <param name="Epoch">Of a single grant: the trial's last reported one.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.GrantReply")]
internal sealed record GrantReply([property: Id(0)] ImmutableArray<TrialGrant> Grants, [property: Id(1)] SweepState State, [property: Id(2)] SlotUse Use, [property: Id(3)] int Epoch = 0);

[GenerateSerializer, Immutable, Alias("seqsweep.LostLease")]
internal readonly record struct LostLease([property: Id(0)] int Trial, [property: Id(1)] long Lease, [property: Id(2)] LeaseLoss Loss);

/// <param name="Startable">Trials that it could start now, counted up to a thousand.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepBeat")]
internal sealed record SweepBeat(
    [property: Id(0)] SweepState State,
    [property: Id(1)] ImmutableArray<LiveLease> Live,
    [property: Id(2)] SlotUse Use,
    [property: Id(3)] int Startable,
    [property: Id(4)] Fit Fit);

[GenerateSerializer, Immutable, Alias("seqsweep.LiveLease")]
internal sealed record LiveLease(
    [property: Id(0)] int Trial, [property: Id(1)] long Lease, [property: Id(2)] string Worker, [property: Id(3)] string Incarnation, [property: Id(4)] bool GivesBack);
