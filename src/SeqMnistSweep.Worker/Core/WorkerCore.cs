namespace SeqMnistSweep.Worker.Core;

/// <summary>The rules of a worker: which attempt gets which slot, what is asked of the head and when, what the answer means, which lease
/// may not run again. No process, file, thread or network is its own, so the fault simulation runs the same class. Safe for use by several
/// threads.</summary>
/// <param name="self">Who asks: the worker's name, its device, and this start of it.</param>
/// <param name="upload">How checkpoints get to the head; null when head and worker share the folder.</param>
/// <param name="changed">Called when there is something that the head should hear soon.</param>
internal sealed partial class WorkerCore(
    LeaseHolder self, WorkerOffer offer, int slots, Outbox outbox, UploadCheckpoint? upload, TimeProvider time, Action changed)
{
    /// <summary>From one exchange to the next when nothing happens.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>From an exchange that failed to the next.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a granted attempt may wait for a slot before it is given back: the work takes longer than it did.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Dictionary<(TrialId, long), Lease> _leases = [];
    private readonly SlotTable _slots = new(slots);
    private readonly EndedLeases _ended = new();
    private readonly Prefetcher _prefetcher = new();
    private readonly IdleStatistics _idle = new(slots, time);
    private long _asked;
    private bool _drainOrdered;
    private string? _trouble;
    private bool _stopping;

    /// <summary>How the trials' own files get to the head; null when head and worker share the folder.</summary>
    public ITrialFiles? Files { get; init; }

    /// <summary>The memory of its GPUs, which trials share; null on a CPU, and where the driver does not say.</summary>
    public GpuLedger? Gpu { get; init; }

    /// <summary>Why the head does not want this worker, which should end; null when it does.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Everything is given back and the head has every event: the worker may end.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Milliseconds from one attempt to the next in a slot; null before the first time.</summary>
    public SlotGaps? Idle => _idle.Gaps;

    /// <summary>Leases from their grant until their last event is in the outbox.</summary>
    public int Held => Locked(() => _leases.Count);

    /// <summary>No lease is held, and the head has every event.</summary>
    public bool IsIdle => Locked(() => _leases.Count == 0 && outbox.IsEmpty);

    /// <summary>The number of the trial's attempt that is in a slot; null when none is.</summary>
    public int? AttemptOf(TrialId trial) =>
        Locked(() => _slots.Holders.Where(lease => lease.Grant.Trial == trial).Max(lease => (int?)lease.Grant.Attempt));

    private bool IsDraining => _stopping || _drainOrdered;

    /// <summary>Puts a granted attempt into a free slot, or lets it wait for one. Refuses one that is held already, one whose lease has
    /// ended here, and any while the worker drains: the head has that one back at the next exchange.</summary>
    /// <returns>Whether the attempt is taken; one that is not hears nothing more.</returns>
    public bool Begin(TrialGrant grant, IAttempt attempt)
    {
        int? slot;
        lock (_gate)
        {
            if (_ended.Contains(grant.Trial, grant.Lease))
            {
                // Never twice; and without an answer it would be granted for ever.
                outbox.Add(grant.Trial, grant.Lease, new AttemptEvent.Released("this lease has been run here already"));
                changed();
                return false;
            }

            if (IsDraining || _trouble is not null || _leases.ContainsKey((grant.Trial, grant.Lease))) return false;

            var lease = Hold(grant, attempt);
            var roomiest = Gpu is { SharesSeveral: true } ? Gpu.Roomiest(_slots.FreeSlots, HeldMemory()) : [];
            slot = _slots.Enter(lease, roomiest is [var first, ..] ? first : null) ? lease.Slot : null;
        }

        if (slot is { } entered)
        {
            attempt.Enter(entered);
        }

        return true;
    }

    /// <summary>The first code of an attempt runs: what its runner took to start says nothing of how long its kind of work takes.</summary>
    public void Starts(TrialId trial, long number)
    {
        lock (_gate)
        {
            if (_leases.GetValueOrDefault((trial, number)) is { Slot: { } slot } lease)
            {
                lease.Since = time.GetTimestamp();
                lease.HasStarted = true;
                _idle.Started(slot);
            }
        }
    }

    /// <summary>Something happened to an attempt; the head hears of it in this order.</summary>
    public void Report(TrialId trial, long number, AttemptEvent happened)
    {
        Lease? lease;
        lock (_gate)
        {
            if (!_leases.TryGetValue((trial, number), out lease)) return;

            lease.HasEnded |= happened.EndsAttempt;
            if (happened.EndsAttempt || happened is AttemptEvent.Reported)
            {
                Measure(lease, happened is AttemptEvent.Reported reported ? reported.Report[EpochReport.DeviceMemory] : null);
            }

            if (happened.EndsAttempt && lease.Slot is { } slot)
            {
                _idle.Ended(slot);
            }
        }

        lease.Reporter.Report(happened);
        changed();
    }

    /// <summary>An attempt gives its slot back; the next one that waits enters it.</summary>
    public void Leave(TrialId trial, long number)
    {
        Lease lease;
        Lease? next;
        lock (_gate)
        {
            if (_leases.GetValueOrDefault((trial, number)) is not { Slot: { } slot } held) return;

            lease = held;
            _idle.Ended(slot);
            _prefetcher.Took(time.GetElapsedTime(lease.Since));
            next = _slots.Leave(lease);
            if (next is not null)
            {
                next.Since = time.GetTimestamp();
            }

            lease.HasLeft = true;
            Close(lease);
        }

        next?.Attempt.Enter(next.Slot!.Value);
        if (lease.IsAcknowledged)
        {
            lease.Attempt.Forget();
        }

        changed();
    }

    /// <summary>The device does not work, or works again: until then nothing new begins here.</summary>
    /// <param name="trouble">What is wrong with it; null when nothing is.</param>
    public void SetTrouble(string? trouble)
    {
        lock (_gate)
        {
            _trouble = trouble;
        }

        if (trouble is not null)
        {
            GiveBackWaiting("never started: the device does not work", alone: true);
        }

        changed();
    }

    /// <summary>The driver was asked what is taken of its GPUs' memory.</summary>
    /// <param name="readings">Of each GPU, and of it what this worker's processes have; null where nobody knows.</param>
    public void ReadGpus(IReadOnlyList<(DeviceMemory Memory, long? Own)> readings) => Locked(() =>
    {
        Gpu?.Read(readings);
        return true;
    });

    /// <summary>What a trial needs of a GPU's memory, as its file says or as was measured; null where nobody knows.</summary>
    public long? GpuNeedOf(TrialGrant grant) => Locked(() => Gpu is null ? null : grant.GpuMemory ?? Gpu.NeedOf(grant.Trial.Sweep));

    /// <summary>The worker is to end: it takes nothing more, and gives back what waits and, with a checkpoint, what runs.</summary>
    public void Stop()
    {
        _stopping = true;
        GiveBackAll();
        changed();
    }

    private Lease Hold(TrialGrant grant, IAttempt attempt)
    {
        Lease lease = null!;
        lease = new Lease(grant, attempt)
        {
            Since = time.GetTimestamp(),
            Reporter = new AttemptReporter(
                grant, _gate, happened => Send(lease, happened), upload, Files, time, () => Reported(lease)),
        };
        _leases.Add(lease.Key, lease);
        return lease;
    }

    /// <param name="said">What the trial itself says it had; null where it does not.</param>
    private void Measure(Lease lease, double? said = null)
    {
        if (lease.HasStarted)
        {
            var told = said is > 0 and < long.MaxValue ? (long)said : 0;
            Gpu?.Measure(lease.Grant.Trial.Sweep, Math.Max(lease.Attempt.DeviceMemory ?? 0, told));
        }
    }

    private void Send(Lease lease, AttemptEvent happened)
    {
        outbox.Add(lease.Grant.Trial, lease.Grant.Lease, happened, happened.EndsAttempt ? lease : null);
        changed();
    }

    private void Reported(Lease lease)
    {
        lease.IsReported = true;
        Close(lease);
    }

    /// <summary>Once it has both left its slot and reported its last event.</summary>
    private void Close(Lease lease)
    {
        if (lease is { HasLeft: true, IsReported: true } && _leases.Remove(lease.Key))
        {
            _ended.Add(lease.Grant.Trial, lease.Grant.Lease);
        }
    }

    private void GiveBackAll()
    {
        GiveBackWaiting("never started: the worker is draining", alone: true);
        Locked(() => _slots.Holders.ToList()).ForEach(lease => lease.Attempt.GiveBack());
    }

    private void GiveBackWaiting(string reason, bool alone)
    {
        var waiting = Locked(() =>
        {
            var taken = _slots.TakeWaiting(alone);
            taken.ForEach(lease => lease.HasLeft = true);
            return taken;
        });
        waiting.ForEach(lease => lease.Reporter.Report(new AttemptEvent.Released(reason)));
    }

    private T Locked<T>(Func<T> look)
    {
        lock (_gate)
        {
            return look();
        }
    }
}
