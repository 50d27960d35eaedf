namespace SeqMnistSweep.FaultSimulation;

internal enum FaultKind
{
    WorkerCrash,
    WorkerFreeze,
    WorkerLeaves,
    WorkerDeclaredDead,
    RunnerKilled,
    RunnerFails,
    CheckpointDamaged,
    LinkCut,
    LinkDrops,
    LinkDuplicates,
    LinkDelays,
    HeadCrash,
    HeadFreeze,
    ClockJump,
    DiskFull,
    DiskFailsAfterWriting,
    DiskSlow,
    Drain,
    EditFile,
    CancelTrial,
}

/// <param name="At">Milliseconds from the start.</param>
/// <param name="Worker">Index of the worker, or of its link, that it happens to; of the trial for <see cref="FaultKind.CancelTrial"/>.</param>
/// <param name="Length">Milliseconds that it lasts, or until what has crashed starts again; how far a clock jumps, forwards or backwards.</param>
internal sealed record Fault(long At, FaultKind Kind, int Worker, long Length)
{
    public override string ToString() => Kind switch
    {
        FaultKind.ClockJump => FormattableString.Invariant($"{Kind} of {Length / 1000.0:0.0} s"),
        FaultKind.EditFile => $"{Kind}",
        FaultKind.CancelTrial => FormattableString.Invariant($"{Kind} {Worker + 1}"),
        FaultKind.HeadCrash or FaultKind.HeadFreeze or FaultKind.DiskFull or FaultKind.DiskSlow or FaultKind.DiskFailsAfterWriting => FormattableString.Invariant($"{Kind} for {Length / 1000.0:0.0} s"),
        FaultKind.RunnerFails or FaultKind.RunnerKilled or FaultKind.CheckpointDamaged or FaultKind.WorkerDeclaredDead or FaultKind.WorkerLeaves => FormattableString.Invariant($"{Kind} at {SimulatedWorker.NameOf(Worker)}"),
        _ => FormattableString.Invariant($"{Kind} at {SimulatedWorker.NameOf(Worker)} for {Length / 1000.0:0.0} s"),
    };
}
