namespace SeqMnistSweep.Results.Writing;

/// <summary>The tables <c>report</c> and <c>checkpoint</c>: what an attempt may add while it holds the trial's lease.</summary>
internal static class ReportWriter
{
    /// <returns>False when the lease is no longer the stored one. A second report of an epoch is passed over, which is no fence.</returns>
    public static bool Add(Statements statements, SweepId sweep, SweepChange.ReportAdded added)
    {
        if (HeldTrial(statements, sweep, added.Trial, added.Lease) is not { } trial) return false;

        var report = added.Report;
        statements.Execute(
            """
            insert into report (trial, epoch, attempt, train_loss, train_accuracy, val_loss, val_accuracy, test_loss, test_accuracy,
              epoch_seconds, metrics, time)
            values (@trial, @epoch, @attempt, @train_loss, @train_accuracy, @val_loss, @val_accuracy, @test_loss, @test_accuracy,
              @epoch_seconds, @metrics, @time)
            on conflict (trial, epoch) do nothing
            """,
            ("trial", trial), ("epoch", report.Epoch), ("attempt", added.Attempt), ("train_loss", report["train_loss"]),
            ("train_accuracy", report["train_accuracy"]), ("val_loss", report["val_loss"]), ("val_accuracy", report["val_accuracy"]),
            ("test_loss", report["test_loss"]), ("test_accuracy", report["test_accuracy"]), ("epoch_seconds", report["epoch_seconds"]),
            ("metrics", report.MetricsToJson()), ("time", Timestamp.Format(added.Time)));
        return true;
    }

    /// <returns>False when the lease is no longer the stored one.</returns>
    public static bool AddCheckpoint(Statements statements, SweepId sweep, SweepChange.CheckpointAdded added)
    {
        if (HeldTrial(statements, sweep, added.Trial, added.Lease) is not { } trial) return false;

        statements.Execute(
            """
            insert into checkpoint (trial, digest, epoch, batch, bytes, attempt, time)
            values (@trial, @digest, @epoch, @batch, @bytes, @attempt, @time)
            on conflict (trial, digest) do nothing
            """,
            ("trial", trial), ("digest", added.Checkpoint.Digest), ("epoch", added.Checkpoint.Epoch), ("batch", added.Checkpoint.Batch),
            ("bytes", added.Checkpoint.Bytes), ("attempt", added.Attempt), ("time", Timestamp.Format(added.Time)));
        return true;
    }

    public static void DropCheckpoint(Statements statements, SweepId sweep, SweepChange.CheckpointDropped dropped) => statements.Execute(
        """
        delete from checkpoint
        where digest = @digest and trial = (select key from trial where sweep = @sweep and number = @number)
        """,
        ("digest", dropped.Digest), ("sweep", sweep.Value), ("number", dropped.Trial));

    private static long? HeldTrial(Statements statements, SweepId sweep, int number, long lease) => (long?)statements.Scalar(
        "select key from trial where sweep = @sweep and number = @number and lease = @lease",
        ("sweep", sweep.Value), ("number", number), ("lease", lease));
}
