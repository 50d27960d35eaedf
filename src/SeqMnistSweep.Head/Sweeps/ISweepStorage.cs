using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Sweeps;

/// <summary>Where sweeps are stored: the head's database, or a simulated disk.</summary>
internal interface ISweepStorage
{
    /// <summary>The sweep's schedule as it is stored.</summary>
    /// <param name="known">A definition that was parsed before; taken where it is that of the stored text. Null parses the text.</param>
    /// <exception cref="SweepMissingException">There is no such sweep.</exception>
    /// <exception cref="SweepRefusedException">Its stored file is no longer valid.</exception>
    SweepSchedule Load(SweepId sweep, SweepDefinition? known);

    /// <summary>Applies all of the changes or none, and completes when that is durable.</summary>
    Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes);

    /// <summary>Whether the file of a checkpoint is there. A holder writes it first and then names it; but another checkpoint with the same
    /// bytes, and with it the file, may have been dropped in between.</summary>
    bool Has(TrialId trial, CheckpointFile checkpoint);

    /// <summary>Deletes the files that written changes left without a name.</summary>
    /// <param name="named">Checkpoints of a trial that the schedule names, which may not be stored yet.</param>
    void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes, Func<int, IEnumerable<CheckpointFile>> named);

    /// <summary>A sweep was dropped from memory because of this error; its next call reads it again.</summary>
    void Failed(SweepId sweep, Exception error);
}
