using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>
/// Heads, workers, disk and network in simulated time, disturbed as planned; the guarantees are checked at every step.
/// Everything is decided by the plan and its seed, so the same plan gives the same run.
/// </summary>
internal sealed class FaultWorld : IDisposable
{
    /// <summary>Milliseconds after the last fault within which everything must be over.</summary>
    private const long Patience = 400_000;

    /// <summary>Milliseconds that the run goes on after that: echoes must not change what has ended.</summary>
    private const long Afterwards = 3_000;

    private readonly FaultPlan _plan;
    private readonly ImmutableArray<SimulatedWorker> _workers;
    private readonly Dictionary<SweepId, int> _kinds = [];
    private readonly List<string>? _trace;
    private Exception? _failure;

    public FaultWorld(FaultPlan plan, PlantedFault planted, List<string>? trace = null)
    {
        _plan = plan;
        _trace = trace;
        Planted = planted;
        Chance = new Chance(RandomSeed.Derive((long)plan.Seed, "fault world"));
        Disk = new SimulatedDisk(plan.UsesSql && planted == PlantedFault.None ? new SqlStore() : new ModelStore(), Promises, Tally, Time, Chance, planted);
        Head = new SimulatedHead(this);
        _workers = [.. plan.Slots.Select((slots, index) => new SimulatedWorker(this, index, slots))];
    }

    public SimulatedTime Time { get; } = new();

    public Promises Promises { get; } = new();

    public RunTally Tally { get; } = new();

    public Chance Chance { get; }

    public SimulatedDisk Disk { get; }

    public SimulatedFiles Files { get; } = new();

    public SimulatedHead Head { get; }

    public PlantedFault Planted { get; }

    public IReadOnlyCollection<SweepId> Sweeps => _kinds.Keys;

    /// <summary>Ended sweeps go on with a larger file.</summary>
    public void Edited(SweepId sweep, bool wasOver)
    {
        Promises.MayReopen(sweep);
        Tally.Edited++;
        Tally.Reopened += wasOver ? 1 : 0;
    }

    public int KindOf(SweepId sweep) => _kinds[sweep];

    public void Note(FormattableString happened) => _trace?.Add(FormattableString.Invariant($"{Time.Now / 1000.0,8:0.000} s  ") + FormattableString.Invariant(happened));

    public void Note(string happened) => _trace?.Add(FormattableString.Invariant($"{Time.Now / 1000.0,8:0.000} s  ") + happened);

    /// <summary>Something went wrong that no fault explains; the run ends with it.</summary>
    public void Failed(Exception error) => _failure ??= error;

    /// <returns>The first broken promise; null when all were kept.</returns>
    public BrokenPromiseException? Run()
    {
        foreach (var (index, submission) in _plan.Sweeps.Index())
        {
            Time.After(submission.At, () => Submit(index, submission.Kind));
        }

        Time.After(0, Head.Start);
        foreach (var worker in _workers)
        {
            Time.After(Chance.Between(0, 2000), worker.Start);
        }

        foreach (var fault in _plan.Faults)
        {
            Time.After(fault.At, () => Happen(fault));
        }

        try
        {
            return Time.Run(Live);
        }
        // Whatever the shipped classes throw that no fault explains is a broken promise too.
        catch (Exception error)
        {
            return Unexpected(error);
        }
    }

    public void Dispose() => Disk.Dispose();

    private BrokenPromiseException? Live()
    {
        var last = _plan.Faults.Select(fault => fault.At + Math.Abs(fault.Kind == FaultKind.ClockJump ? 0 : fault.Length)).Concat(_plan.Sweeps.Select(submission => submission.At)).Max();
        long? over = null;
        while (Time.Step())
        {
            if (_failure is not null)
            {
                return Unexpected(_failure);
            }

            over = Sweeps.Count == _plan.Sweeps.Length && Promises.AreAllOver ? over ?? Time.Now : null;
            if (over + Afterwards < Time.Now)
            {
                Promises.AtTheEnd(Sweeps.Select(Disk.Store.Load));
                return null;
            }

            if (Time.Now > last + Patience)
            {
                break;
            }
        }

        return Promises.NeverEnds();
    }

    /// <summary>On the disk at once: a submission that meets a fault is its sender's to repeat.</summary>
    private void Submit(int index, int kind)
    {
        var record = SimulatedSweep.RecordOf(kind, index, Time.GetUtcNow());
        _kinds.Add(record.Id, kind);
        ImmutableArray<SweepChange> added = [new SweepChange.SweepAdded(record)];
        Disk.Store.Apply(record.Id, added, isFull: false);
        Promises.Committed(record.Id, added);
        Tally.Committed(record.Id, added);
        Note($"{record.Id} is submitted, of priority {record.Priority}");
        Head.TakeUp(record);
    }

    private static BrokenPromiseException Unexpected(Exception error) =>
        error as BrokenPromiseException ?? new BrokenPromiseException($"unexpected: {error.GetType().Name}: {error.Message}\n{error.StackTrace}");

    private void Happen(Fault fault)
    {
        Note($"FAULT: {fault}");
        var worker = _workers[fault.Worker];
        var until = Time.Now + fault.Length;
        switch (fault.Kind)
        {
            case FaultKind.WorkerCrash: worker.Crash(fault.Length); break;
            case FaultKind.WorkerFreeze: worker.Freeze(fault.Length); break;
            case FaultKind.WorkerLeaves: worker.Leave(); break;
            case FaultKind.WorkerDeclaredDead: worker.DeclareDead(); break;
            case FaultKind.RunnerKilled: worker.DisturbRunner(new AttemptEvent.Killed("killed")); break;
            case FaultKind.RunnerFails: worker.DisturbRunner(new AttemptEvent.Failed(FailureCause.Crashed, "it fell over")); break;
            case FaultKind.CheckpointDamaged: worker.DamageCheckpoint(); break;
            case FaultKind.LinkCut: worker.Link.CutUntil = until; break;
            case FaultKind.LinkDrops: worker.Link.DropsUntil = until; break;
            case FaultKind.LinkDuplicates: worker.Link.DuplicatesUntil = until; break;
            case FaultKind.LinkDelays: worker.Link.DelaysUntil = until; break;
            case FaultKind.HeadCrash when Head.IsAlive:
                Head.Crash();
                Time.After(fault.Length, Head.Start);
                break;
            case FaultKind.HeadFreeze: Head.Freeze(fault.Length); break;
            case FaultKind.ClockJump: Time.Jump += fault.Length; break;
            case FaultKind.DiskFull: Disk.FullUntil = until; break;
            case FaultKind.DiskFailsAfterWriting: Disk.FailsUntil = until; break;
            case FaultKind.DiskSlow: Disk.SlowUntil = until; break;
            case FaultKind.Drain:
                Head.Drain(worker.Name, true);
                Time.After(fault.Length, () => Head.Drain(worker.Name, false));
                break;
            case FaultKind.EditFile: Head.EditFile(Sweeps.First()); break;
            case FaultKind.CancelTrial: Head.CancelTrial(Sweeps.First(), fault.Worker + 1); break;
        }
    }
}
