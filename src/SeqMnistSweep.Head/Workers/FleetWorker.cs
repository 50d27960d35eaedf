using System.Text.Json;
using SeqMnistSweep.Outside;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Workers;

/// <summary>One worker as the head knows it. Times with a date are the head's wall clock, the others its monotonic one.</summary>
internal sealed record FleetWorker
{
    public required string Name { get; init; }

    public required string Incarnation { get; init; }

    public required string Device { get; init; }

    public required int Slots { get; init; }

    public WorkerOffer Offer { get; init; } = new();

    public ImmutableArray<RunningAttempt> Running { get; init; } = [];

    public SlotGaps? Gaps { get; init; }

    public DeviceMemory? Memory { get; init; }

    /// <summary>The memory of its GPUs; null on a CPU, and where it is not known.</summary>
    public GpuShare? Gpu { get; init; }

    public DeviceHealth? Health { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Seen { get; init; }

    public required TimeSpan Heard { get; init; }

    /// <summary>Who gives the order to drain a worker that has been found at fault: nobody but the head itself.</summary>
    public const string Head = "head";

    /// <summary>Whether this head has heard it, rather than read of it.</summary>
    public bool IsHeard { get; init; }

    /// <summary>Somebody's order to drain; null without one. Kept over restarts of the worker.</summary>
    public SweepAction? Drain { get; init; }

    /// <summary>It drains by itself, to end.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Why its device does not work; null where it does.</summary>
    public string? Trouble { get; init; }

    public bool HasLeft { get; init; }

    /// <summary>Why it is known to be lost; null while it is not.</summary>
    public string? Loss { get; init; }

    /// <summary>Whether it can be spoken to.</summary>
    public bool IsThere => !HasLeft && Loss is null;

    public WorkerState State =>
        HasLeft ? WorkerState.Gone
        : Loss is not null ? WorkerState.Lost
        : Drain is null && !IsEnding ? Trouble is null ? WorkerState.Ready : WorkerState.Faulty
        : Running.IsEmpty ? WorkerState.Drained : WorkerState.Draining;

    public string? Reason => State switch
    {
        WorkerState.Ready => null,
        WorkerState.Gone => "it left in good order",
        WorkerState.Lost => Loss,
        WorkerState.Faulty => $"its device does not work, and is tested again now and then: {OutsideText.OnOneLine(Trouble!)}",
        _ => Drain is { By: Head } fault ? $"quarantined: {fault.Reason}; 'seqsweep worker undrain {Name}' lets it take trials again"
            : Drain is { } drain ? $"drained by {drain.By}: {drain.Reason}" : "it is about to end",
    };

    public static FleetWorker From(WorkerRow row, TimeSpan now) => new()
    {
        Name = row.Worker,
        Incarnation = row.Incarnation,
        Device = row.Device,
        Slots = (int)row.Slots,
        Offer = new WorkerOffer { Tags = JsonSerializer.Deserialize<ImmutableArray<string>>(row.Tags), Version = row.Version
            ?? "", AllowsPrograms = row.AllowsPrograms },
        Started = DateTimeOffset.Parse(row.Started, CultureInfo.InvariantCulture),
        Seen = DateTimeOffset.Parse(row.Seen, CultureInfo.InvariantCulture),
        Heard = now,
        Drain = row.DrainReason is { } reason ? new SweepAction(row.DrainedBy ?? "", reason) : null,
        HasLeft = row.State == WorkerState.Gone.ToName(),
        Loss = row.State == WorkerState.Lost.ToName() ? "it was lost before this head started" : null,
    };

    public WorkerSeen ToRow() => new(Name, Incarnation, Device, Slots, State.ToName(), Seen)
    {
        Tags = Offer.Tags,
        Version = Offer.Version.Length > 0 ? Offer.Version : null,
        AllowsPrograms = Offer.AllowsPrograms,
        DrainReason = Drain?.Reason,
        DrainedBy = Drain?.By,
    };

    public WorkerInfo ToInfo() => new()
    {
        Name = Name,
        State = State,
        Reason = Reason,
        Device = Device,
        Slots = Slots,
        Tags = Offer.Tags,
        Version = IsHeard && Offer.Version.Length > 0 ? Offer.Version : null,
        Incarnation = Incarnation,
        Started = Started,
        Seen = Seen,
        Running = Running,
        AllowsPrograms = Offer.AllowsPrograms,
        Gpus = Offer.Gpus,
        IdleP50Ms = Gaps?.P50,
        IdleP99Ms = Gaps?.P99,
        Memory = IsThere ? Memory : null,
        Gpu = IsThere ? Gpu : null,
        Health = IsThere ? Health : null,
        Facts = Offer.Facts,
        DrainReason = Drain?.Reason,
        DrainedBy = Drain?.By,
    };
}
