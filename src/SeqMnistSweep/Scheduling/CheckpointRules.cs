namespace SeqMnistSweep.Scheduling;

/// <summary>Which checkpoints of a trial are kept: the last, and in case that is damaged the one before it in another file. Several may have
/// the same bytes, and so the same file.</summary>
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
        var isSameFile = trial.Checkpoint?.Digest == checkpoint.Digest;
        Drop(trial, isSameFile ? trial.Checkpoint : trial.EarlierCheckpoint);
        ledger.Update(trial with { Checkpoint = checkpoint, EarlierCheckpoint = isSameFile ? trial.EarlierCheckpoint : trial.Checkpoint });
    }

    /// <summary>The checkpoint is missing or damaged: the one before it takes its place.</summary>
    public TrialRecord Lose(TrialRecord trial, CheckpointFile lost, string reason, DateTimeOffset now)
    {
        if (trial.Checkpoint?.Digest == lost.Digest)
        {
            ledger.Add(new SweepChange.CheckpointFileLost(trial.Number, lost.Digest));
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
        Drop(trial, trial.EarlierCheckpoint);
        if (trial.Checkpoint is { } checkpoint && ledger.Definition.Checkpoint.Keep == CheckpointKeep.None)
        {
            ledger.Add(new SweepChange.CheckpointDropped(trial.Number, checkpoint));
        }
    }

    private void Drop(TrialRecord trial, CheckpointFile? checkpoint)
    {
        if (checkpoint is not null && ledger.Definition.Checkpoint.Keep != CheckpointKeep.All)
        {
            ledger.Add(new SweepChange.CheckpointDropped(trial.Number, checkpoint));
        }
    }
}
