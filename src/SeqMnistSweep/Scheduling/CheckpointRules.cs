using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>Which checkpoints of a trial are kept: the last, in case that is damaged the one before it in another file, and with
/// <c>keep: best</c> that of the best epoch. Several may have the same bytes, and so the same file.</summary>
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
        var (earlier, leaves) = isSameFile
            ? (trial.EarlierCheckpoint, trial.Checkpoint)
            : (trial.Checkpoint, trial.EarlierCheckpoint);
        var best = KeepsBest ? BestOf(trial.Number, [checkpoint, earlier, leaves, trial.BestCheckpoint]) : null;
        best = best == checkpoint || best == earlier ? null : best;
        Drop(trial, new[] { leaves, trial.BestCheckpoint }.Where(one => one != best));
        ledger.Update(trial with { Checkpoint = checkpoint, EarlierCheckpoint = earlier, BestCheckpoint = best });
    }

    /// <summary>The checkpoint is missing or damaged: the one before it takes its place.</summary>
    public TrialRecord Lose(TrialRecord trial, CheckpointFile lost, string reason, DateTimeOffset now)
    {
        if (trial.Checkpoint?.Digest == lost.Digest)
        {
            ledger.Add(new SweepChange.CheckpointFileLost(trial.Number, lost.Digest));
            var left = new[] { trial.EarlierCheckpoint, trial.BestCheckpoint }.OfType<CheckpointFile>()
                .Where(one => one.Digest != lost.Digest).ToList();
            trial = ledger.Update(trial with
            {
                Checkpoint = left.FirstOrDefault(),
                EarlierCheckpoint = null,
                BestCheckpoint = left.ElementAtOrDefault(1),
            });
        }

        var next = trial.Checkpoint is { } earlier
            ? $"it goes on from the one before, of epoch {earlier.Epoch}{(earlier.Batch > 0 ? $" and batch {earlier.Batch}" : "")}"
            : "there is none before it: it starts anew";
        ledger.Log(new Occurrence.CheckpointLost(trial.Number, trial.Attempts), $"{reason}; {next}", trial.Worker!, now);
        return trial;
    }

    /// <summary>Drops what a trial that has ended for good need not keep.</summary>
    public void End(TrialRecord trial)
    {
        CheckpointFile?[] all = [trial.Checkpoint, trial.EarlierCheckpoint, trial.BestCheckpoint];
        var kept = Keep == CheckpointKeep.None ? null : (KeepsBest ? BestOf(trial.Number, all) : null) ?? trial.Checkpoint;
        Drop(trial, all.Where(one => one != kept));
    }

    private CheckpointKeep Keep => ledger.Definition.Checkpoint.Keep;

    /// <summary>The last one of <c>tcn</c> holds the best epoch's weights as well.</summary>
    private bool KeepsBest => Keep == CheckpointKeep.Best && !TrainableCatalog.IsBuiltIn(ledger.Definition.Program);

    /// <summary>That of the epoch with the best value; the earlier one of equals. Null where no epoch of them has a value.</summary>
    private CheckpointFile? BestOf(int trial, IEnumerable<CheckpointFile?> checkpoints)
    {
        var (best, bestValue) = ((CheckpointFile?)null, double.NaN);
        foreach (var one in checkpoints.OfType<CheckpointFile>().Where(one => one.Batch == 0).OrderBy(one => one.Epoch))
        {
            if (ledger.Reports.Find(trial, one.Epoch)?[ledger.Definition.Metric.Name] is { } value && double.IsFinite(value)
                && (best is null || ledger.Definition.Metric.IsBetter(value, bestValue)))
            {
                (best, bestValue) = (one, value);
            }
        }

        return best;
    }

    private void Drop(TrialRecord trial, IEnumerable<CheckpointFile?> checkpoints)
    {
        foreach (var checkpoint in checkpoints.OfType<CheckpointFile>().Where(_ => Keep != CheckpointKeep.All))
        {
            ledger.Add(new SweepChange.CheckpointDropped(trial.Number, checkpoint));
        }
    }
}
