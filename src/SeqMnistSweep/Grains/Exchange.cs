using SeqMnistSweep.Outside;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Security;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Grains;

/// <summary>What a worker tells the head, at most a second after the last time.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.ExchangeRequest")]
public sealed record ExchangeRequest
{
    private const int MaxSlots = 10_000;

    /// <summary>The worker, and this start of it.</summary>
    [Id(0)] public required LeaseHolder Holder { get; init; }

    /// <summary>Trials at the same time, free slots included.</summary>
    [Id(1)] public required int Slots { get; init; }

    /// <summary>Slots that want a trial now; 0 while draining.</summary>
    [Id(2)] public required int FreeSlots { get; init; }

    /// <summary>It takes no trials and gives back those that run.</summary>
    [Id(3)] public bool Draining { get; init; }

    /// <summary>Every attempt this worker has in a slot.</summary>
    [Id(4)] public ImmutableArray<RunningAttempt> Running { get; init; } = [];

    /// <summary>In the order they happened; all that are not yet acknowledged.</summary>
    [Id(5)] public ImmutableArray<NumberedEvent> Events { get; init; } = [];

    /// <summary>Trials wanted beyond the free slots, to be at hand the moment a slot comes free: short ones leave no time to ask. 0 for
    /// long ones, which would only wait there.</summary>
    [Id(6)] public int Ahead { get; init; }

    /// <summary>What it can run.</summary>
    [Id(7)] public WorkerOffer Offer { get; init; } = new();

    /// <summary>The worker leaves in good order after this: nothing runs here any more.</summary>
    [Id(8)] public bool Leaving { get; init; }

    /// <summary>How long its slots stand free between two trials; null before there were two.</summary>
    [Id(9)] public SlotGaps? Gaps { get; init; }

    /// <summary>What is taken of its device's memory, every few seconds; null in between, and where nobody knows.</summary>
    [Id(10)] public DeviceMemory? Memory { get; init; }

    /// <summary>Why its device does not work, so that it takes no trials; null where it does.</summary>
    [Id(11)] public string? Trouble { get; init; }

    /// <summary>The memory of its GPUs; null on a CPU, and where the driver does not say. (12 was a number of bytes.)</summary>
    [Id(13)] public GpuShare? Gpu { get; init; }

    /// <summary>What the driver says of its GPUs; null on a CPU, and where it does not say anything.</summary>
    [Id(14)] public DeviceHealth? Health { get; init; }

    /// <summary>Why no worker of ours can have said this; null where one can.</summary>
    public string? Problem() =>
        !WorkerName.IsValid(Holder.Worker) ? $"a worker's name has {CredentialName.Accepted}, and does not begin with 'ask:'"
        : Holder.LeaseLife is not null ? "a worker does not choose how long its leases live"
        : Slots is < 0 or > MaxSlots || FreeSlots > MaxSlots || Ahead > MaxSlots ? $"a worker has at most {MaxSlots} slots"
        : Offer.Gpus is < 0 or > MaxSlots ? $"a slot has at most {MaxSlots} GPUs"
        : Gpu is { Sweeps: { IsDefault: true } or { Length: > MaxSlots } } ? $"a GPU has at most {MaxSlots} sweeps"
        : OutsideText.NameProblem("incarnation", Holder.Incarnation) ?? OutsideText.NameProblem("device", Holder.Device)
            ?? OutsideText.NamesProblem("tags", Offer.Tags.IsDefault ? [] : Offer.Tags)
            ?? OutsideText.SentenceProblem("trouble", Trouble) ?? OutsideText.SentenceProblem("fault", Health?.Fault)
            ?? OutsideText.NamesProblem("facts", [.. Offer.Facts.Keys])
            ?? Offer.Facts.Values.Select(fact => OutsideText.SentenceProblem("facts", fact)).FirstOrDefault(problem => problem is not null)
            ?? (Offer.Version is { Length: > 0 } version ? OutsideText.NameProblem("version", version) : null);
}

/// <summary>Bytes. Of a GPU as its driver says, all its programs together; of a CPU what the worker and its runners have in memory, and
/// what the machine or container has.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.DeviceMemory")]
public sealed record DeviceMemory([property: Id(0)] long Used, [property: Id(1)] long Total);

/// <summary>What the driver says of a worker's GPUs, all together.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.DeviceHealth")]
public sealed record DeviceHealth
{
    /// <summary>Percent of the last second or less in which something was computed, the mean over the GPUs; null where it is not known, as
    /// of slices.</summary>
    [Id(0)] public int? Utilization { get; init; }

    /// <summary>Errors of their memory that could not be corrected, since the driver was loaded; null where it is not known, as without
    /// ECC.</summary>
    [Id(1)] public long? EccErrors { get; init; }

    /// <summary>Whether memory that failed is put out of use only when a GPU is reset.</summary>
    [Id(2)] public bool NeedsReset { get; init; }

    /// <summary>The last error code of the driver (Xid) since the worker began, whoever was to blame; null before the first.</summary>
    [Id(3)] public int? Xid { get; init; }

    /// <summary>The last fault of a GPU itself since the worker began, such as <c>Xid 79, the GPU has fallen off the bus</c>; null before
    /// the first.</summary>
    [Id(4)] public string? Fault { get; init; }

    /// <summary>When the fault was seen.</summary>
    [Id(5)] public DateTimeOffset? FaultTime { get; init; }
}

/// <summary>Milliseconds from a slot coming free to the first code of its next trial, over the last 10,000 times that there was one to be
/// had.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.SlotGaps")]
public sealed record SlotGaps([property: Id(0)] double P50, [property: Id(1)] double P99);

/// <summary>An attempt in a slot, with the progress that its runner last reported; null before the first.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.RunningAttempt")]
public sealed record RunningAttempt(
    [property: Id(0)] TrialId Trial,
    [property: Id(1)] long Lease,
    [property: Id(2)] TrialProgress? Progress);

/// <param name="Sequence">Counted from 1 within one incarnation of the worker.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.NumberedEvent")]
public sealed record NumberedEvent(
    [property: Id(0)] long Sequence,
    [property: Id(1)] TrialId Trial,
    [property: Id(2)] long Lease,
    [property: Id(3)] AttemptEvent Event);

/// <summary>What the head answers to an exchange.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.ExchangeReply")]
public sealed record ExchangeReply
{
    /// <summary>Grows with every start of the head.</summary>
    [Id(0)] public required long HeadEpoch { get; init; }

    /// <summary>Events up to this number are durable and need not be sent again, but for those of <see cref="Unsettled"/> sweeps.</summary>
    [Id(1)] public required long Acknowledged { get; init; }

    /// <summary>Trials to begin, each under a lease.</summary>
    [Id(2)] public ImmutableArray<TrialGrant> Grants { get; init; } = [];

    /// <summary>Answers to reports at a rung.</summary>
    [Id(3)] public ImmutableArray<TrialVerdict> Verdicts { get; init; } = [];

    /// <summary>Attempts to drop or to give back.</summary>
    [Id(4)] public ImmutableArray<TrialOrder> Orders { get; init; } = [];

    /// <summary>Somebody drains this worker: give the running trials back. False once it is taken back.</summary>
    [Id(5)] public bool Drain { get; init; }

    /// <summary>Sweeps that could not answer: what was told of them is not taken in.</summary>
    [Id(6)] public ImmutableArray<SweepId> Unsettled { get; init; } = [];

    /// <summary>Why this worker is not wanted, and should end: another one of its name lives. Null for all others.</summary>
    [Id(7)] public string? Refusal { get; init; }
}

/// <summary>The pruner's answer to the report of an epoch, counted from 1.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialVerdict")]
public sealed record TrialVerdict(
    [property: Id(0)] TrialId Trial,
    [property: Id(1)] long Lease,
    [property: Id(2)] int Epoch,
    [property: Id(3)] Verdict Verdict);

/// <summary>The attempt under this lease is over: drop it. Its trial was cancelled, or has another holder.</summary>
/// <param name="GiveBack">It is not over: it writes a checkpoint at its next batch and gives its slot back, for a sweep that goes first.
/// Said again until it has.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialOrder")]
public sealed record TrialOrder([property: Id(0)] TrialId Trial, [property: Id(1)] long Lease, [property: Id(2)] bool GiveBack = false);
