namespace SeqMnistSweep.Scheduling;

/// <summary>Which checkpoints of a trial are kept: the last, and the one before it until the last has been read. Several may have the same
/// bytes, and so the same file.</summary>
internal sealed class CheckpointRules(SweepLedger ledger)
{
    /// <summary>Takes a new checkpoint. One that is told again after its successor is passed over: its file is gone by then. So is one of
    /// an epoch beyond the rung at which the trial waits: those who go on go on from the rung.</summary>
    public void Take(TrialRecord trial, CheckpointFile? checkpoint, DateTimeOffset now)
    {
        if (checkpoint is null
            || !(trial.State.IsActive() || (trial.State == TrialState.Paused && checkpoint.Epoch == trial.Epoch))
            || (trial.Checkpoint is { } latest && !checkpoint.IsAfter(latest)))
        {
            return;
        }

        ledger.Add(new SweepChange.CheckpointAdded(trial.Number, trial.Lease, trial.Attempts, checkpoint, now));
        DropEarlier(trial);
        ledger.Update(trial with { Checkpoint = checkpoint, EarlierCheckpoint = trial.Checkpoint });
    }

    /// <summary>The checkpoint is missing or damaged: the one before it takes its place, unless it is the same file.</summary>
    public TrialRecord Lose(TrialRecord trial, CheckpointFile lost, string reason, DateTimeOffset now)
    {
        while (trial.Checkpoint is { } last && last.Digest == lost.Digest)
        {
            ledger.Add(new SweepChange.CheckpointDropped(trial.Number, last));
            trial = ledger.Update(trial with { Checkpoint = trial.EarlierCheckpoint, EarlierCheckpoint = null });
        }

        var next = trial.Checkpoint is { } earlier
            ? $"it goes on from the one before, of epoch {earlier.Epoch}{(earlier.Batch > 0 ? $" and batch {earlier.Batch}" : "")}"
            : "there is none before it: it starts anew";
        ledger.Log(new Occurrence.CheckpointLost(trial.Number, trial.Attempts), $"{reason}; {next}", trial.Worker!, now);
        return trial;
    }

    /// <summary>Drops what an ended trial need not keep.</summary>
    public void End(TrialRecord trial)
    {
        DropEarlier(trial);
        if (trial.Checkpoint is { } checkpoint && ledger.Definition.Checkpoint.Keep == CheckpointKeep.None)
        {
            ledger.Add(new SweepChange.CheckpointDropped(trial.Number, checkpoint));
        }
    }

    private void DropEarlier(TrialRecord trial)
    {
        if (trial.EarlierCheckpoint is { } earlier && ledger.Definition.Checkpoint.Keep != CheckpointKeep.All)
        {
            ledger.Add(new SweepChange.CheckpointDropped(trial.Number, earlier));
        }
    }
}
