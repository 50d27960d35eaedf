namespace SeqMnistSweep.Head.Sweeps;

/// <summary>What a worker tells one sweep, and what it can take.</summary>
internal sealed record SettleRequest(
    LeaseHolder Holder, bool Draining, ImmutableArray<RunningAttempt> Running, ImmutableArray<NumberedEvent> Events, GrantBudget Budget);

/// <param name="Again">Live leases that the holder does not know of: their grant was lost on the way.</param>
/// <param name="Grants">New ones, within the budget.</param>
internal sealed record SettleReply(
    ImmutableArray<TrialVerdict> Verdicts, ImmutableArray<TrialOrder> Orders, ImmutableArray<TrialGrant> Again,
        ImmutableArray<TrialGrant> Grants)
{
    /// <summary>Of a sweep that was deleted: nothing is taken in, and what still runs is dropped.</summary>
    public static SettleReply OfMissing(SettleRequest request) =>
        new([], [.. request.Running.Select(running => new TrialOrder(running.Trial, running.Lease))], [], []);
}

/// <summary>What a worker can take.</summary>
/// <param name="Slots">Free ones.</param>
/// <param name="Ahead">Trials wanted beyond them.</param>
/// <param name="HasOthers">Whether another worker is ready: what failed at this one is better tried there.</param>
/// <param name="Gpu">The memory of its GPUs; null on a CPU, and where nobody knows.</param>
internal readonly record struct GrantBudget(WorkerOffer Offer, int Slots, int Ahead, bool HasOthers = false, GpuShare? Gpu = null)
{
    public bool IsEmpty => Slots <= 0 && Ahead <= 0;

    public GrantBudget Less(IReadOnlyCollection<TrialGrant> grants) => Less(grants.Count) with { Gpu = GpuWith(grants) };

    /// <summary>The same memory.</summary>
    public GrantBudget Less(int grants) => this with
    {
        Slots = Math.Max(0, Slots - grants),
        Ahead = Math.Max(0, Ahead - Math.Max(0, grants - Slots)),
    };

    /// <summary>The memory with these trials.</summary>
    public GpuShare? GpuWith(IEnumerable<TrialGrant> grants) =>
        Gpu is { } gpu ? grants.Aggregate(gpu, (share, grant) => share.With(grant.Trial.Sweep, grant.GpuMemory)) : null;
}

/// <summary>The answer to somebody who asks for one trial.</summary>
/// <param name="Grant">Null when there is nothing to start now.</param>
/// <param name="Epoch">The trial's last reported one.</param>
internal sealed record AskReply(TrialGrant? Grant, SweepState State, int Epoch);

/// <param name="Epoch">Null for the epoch after the last.</param>
/// <param name="Value">The metric's value: joins <paramref name="Metrics"/> under the metric's name.</param>
/// <param name="Metrics">Null, with a null <paramref name="Value"/>, when only a sign of life is given.</param>
/// <param name="End">Null while the trial goes on.</param>
internal sealed record ExternalReport(
    int Trial, long Lease, int? Epoch = null, double? Value = null, ImmutableSortedDictionary<string, double>? Metrics = null,
        AttemptEvent? End = null);

/// <param name="IsFenced">The lease is not, or no longer, the trial's.</param>
/// <param name="Trial">Its state now; null when there is no such trial.</param>
/// <param name="Value">The trial's best so far.</param>
/// <param name="ExpiresIn">When the lease ends if nothing more is heard; null when it has ended.</param>
internal sealed record ExternalReportReply(
    bool IsFenced, Verdict Verdict, TrialState? Trial, double? Value, SweepState State, TimeSpan? ExpiresIn);
