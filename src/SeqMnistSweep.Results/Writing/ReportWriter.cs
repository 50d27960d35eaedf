namespace SeqMnistSweep.Results.Writing;

/// <summary>The tables <c>report</c>, <c>step</c>, <c>superseded_report</c> and
/// <c>checkpoint</c>: what an attempt may add while it holds the trial's
/// lease.</summary>
internal static class ReportWriter
{
    /// <summary>Puts in what an attempt has told of an epoch, in place of what it had told before.</summary>
    /// <returns>False when the lease is no longer the stored one.</returns>
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
            on conflict (trial, epoch) do update set attempt = excluded.attempt, train_loss = excluded.train_loss,
              train_accuracy = excluded.train_accuracy, val_loss = excluded.val_loss, val_accuracy = excluded.val_accuracy,
              test_loss = excluded.test_loss, test_accuracy = excluded.test_accuracy, epoch_seconds = excluded.epoch_seconds,
              metrics = excluded.metrics, time = excluded.time
            """,
            ("trial", trial), ("epoch", report.Epoch), ("attempt", added.Attempt), ("train_loss", report["train_loss"]),
            ("train_accuracy", report["train_accuracy"]), ("val_loss", report["val_loss"]), ("val_accuracy", report["val_accuracy"]),
            ("test_loss", report["test_loss"]), ("test_accuracy", report["test_accuracy"]), ("epoch_seconds", report["epoch_seconds"]),
            ("metrics", report.MetricsToJson()), ("time", Timestamp.Format(added.Time)));
        return true;
    }

    /// <summary>Puts in metrics of a step, beside those of it that are there.</summary>
    /// <returns>False when the lease is no longer the stored one.</returns>
    public static bool AddStep(Statements statements, SweepId sweep, SweepChange.StepAdded added)
    {
        if (HeldTrial(statements, sweep, added.Trial, added.Lease) is not { } trial) return false;

        statements.Execute(
            """
            insert into step (trial, step, attempt, metrics, time) values (@trial, @step, @attempt, @metrics, @time)
            on conflict (trial, step) do update set attempt = excluded.attempt, metrics = json_patch(metrics, excluded.metrics),
              time = excluded.time
            """,
            ("trial", trial), ("step", added.Step), ("attempt", added.Attempt), ("metrics", EpochReport.ToJson(added.Metrics)),
            ("time", Timestamp.Format(added.Time)));
        return true;
    }

    /// <summary>Sets aside what earlier attempts reported beyond an epoch.</summary>
    /// <returns>False when the lease is no longer the stored one.</returns>
    public static bool Supersede(Statements statements, SweepId sweep, SweepChange.ReportsSuperseded superseded)
    {
        if (HeldTrial(statements, sweep, superseded.Trial, superseded.Lease) is not { } trial) return false;

        statements.Execute(
            """
            insert or replace into superseded_report (trial, epoch, attempt, metrics, time)
            select trial, epoch, attempt, metrics, time from report where trial = @trial and epoch > @epoch
            """,
            ("trial", trial), ("epoch", superseded.Epoch));
        statements.Execute("delete from report where trial = @trial and epoch > @epoch", ("trial", trial), ("epoch", superseded.Epoch));
        return true;
    }

    /// <returns>False when the lease is no longer the stored one.</returns>
    public static bool AddCheckpoint(Statements statements, SweepId sweep, SweepChange.CheckpointAdded added)
    {
        if (HeldTrial(statements, sweep, added.Trial, added.Lease) is not { } trial) return false;

        statements.Execute(
            """
            insert into checkpoint (trial, digest, epoch, batch, bytes, name, attempt, time)
            values (@trial, @digest, @epoch, @batch, @bytes, @name, @attempt, @time)
            on conflict (trial, epoch, batch) do update set digest = excluded.digest, bytes = excluded.bytes, name = excluded.name,
              attempt = excluded.attempt, time = excluded.time
            """,
            ("trial", trial), ("digest", added.Checkpoint.Digest), ("epoch", added.Checkpoint.Epoch), ("batch", added.Checkpoint.Batch),
            ("bytes", added.Checkpoint.Bytes), ("name", added.Checkpoint.Name), ("attempt", added.Attempt),
            ("time", Timestamp.Format(added.Time)));
        return true;
    }

    public static void DropCheckpoint(Statements statements, SweepId sweep, SweepChange.CheckpointDropped dropped) => statements.Execute(
        """
        delete from checkpoint
        where epoch = @epoch and batch = @batch and trial = (select key from trial where sweep = @sweep and number = @number)
        """,
        ("epoch", dropped.Checkpoint.Epoch), ("batch", dropped.Checkpoint.Batch), ("sweep", sweep.Value), ("number", dropped.Trial));

    /// <summary>Drops every checkpoint with these bytes.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool DropFile(Statements statements, TrialId trial, string digest) => statements.Execute(
        """
        delete from checkpoint
        where digest = @digest and trial = (select key from trial where sweep = @sweep and number = @number)
        """,
        ("digest", digest), ("sweep", trial.Sweep.Value), ("number", trial.Number)) > 0;

    private static long? HeldTrial(Statements statements, SweepId sweep, int number, long lease) => (long?)statements.Scalar(
        "select key from trial where sweep = @sweep and number = @number and lease = @lease",
        ("sweep", sweep.Value), ("number", number), ("lease", lease));
}
