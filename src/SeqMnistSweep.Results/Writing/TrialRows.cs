using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>trial</c>.</summary>
internal static class TrialRows
{
    public static void Add(Statements statements, SweepId sweep, TrialRecord trial)
    {
        Insert(statements, sweep, trial);
        if (trial.State == TrialState.Completed)
        {
            StandingRows.Complete(statements, sweep, trial);
        }
    }

    /// <summary>Replaces what can change of the trial.</summary>
    /// <returns>False when somebody else holds the trial by now, or it is in a final state; nothing is changed then.</returns>
    public static bool Update(Statements statements, SweepId sweep, TrialRecord trial, long heldLease)
    {
        if (!Replace(statements, sweep, trial, heldLease))
        {
            return false;
        }

        if (trial.State == TrialState.Completed)
        {
            StandingRows.Complete(statements, sweep, trial);
        }

        return true;
    }

    private static void Insert(Statements statements, SweepId sweep, TrialRecord trial) => statements.Execute(
        """
        insert into trial (sweep, number, configuration, params, seed, origin, created, state, cause, message, lease, attempts, failures,
          losses_in_a_row, epoch, value, value_epoch, test_loss, test_accuracy, checkpoint_epoch, checkpoint_batch, checkpoint_digest,
          checkpoint_bytes, worker, incarnation, device, facts, not_before, started, finished, granted)
        values (@sweep, @number, @configuration, @params, @seed, @origin, @created, @state, @cause, @message, @lease, @attempts, @failures,
          @losses_in_a_row, @epoch, @value, @value_epoch, @test_loss, @test_accuracy, @checkpoint_epoch, @checkpoint_batch,
          @checkpoint_digest, @checkpoint_bytes, @worker, @incarnation, @device, @facts, @not_before, @started, @finished, @granted)
        """,
        [
            ("configuration", trial.Configuration),
            ("params", trial.Parameters.ToJson()),
            ("seed", trial.Seed),
            ("origin", trial.Origin),
            ("created", Timestamp.Format(trial.Created)),
            .. Changeable(sweep, trial),
        ]);

    private static bool Replace(Statements statements, SweepId sweep, TrialRecord trial, long heldLease) => statements.Execute(
        """
        update trial
        set state = @state, cause = @cause, message = @message, lease = @lease, attempts = @attempts, failures = @failures,
          losses_in_a_row = @losses_in_a_row, epoch = @epoch, value = @value, value_epoch = @value_epoch, test_loss = @test_loss,
          test_accuracy = @test_accuracy, checkpoint_epoch = @checkpoint_epoch, checkpoint_batch = @checkpoint_batch,
          checkpoint_digest = @checkpoint_digest, checkpoint_bytes = @checkpoint_bytes, worker = @worker, incarnation = @incarnation,
          device = @device, facts = @facts, not_before = @not_before, started = @started, finished = @finished,
          granted = @granted
        where sweep = @sweep and number = @number and lease = @held and state not in ('completed', 'pruned', 'cancelled')
        """,
        [("held", heldLease), .. Changeable(sweep, trial)]) == 1;

    private static (string, object?)[] Changeable(SweepId sweep, TrialRecord trial) =>
    [
        ("sweep", sweep.Value),
        ("number", trial.Number),
        ("state", trial.State.ToName()),
        ("cause", trial.Cause?.ToName()),
        ("message", trial.Message),
        ("lease", trial.Lease),
        ("attempts", trial.Attempts),
        ("failures", trial.Failures),
        ("losses_in_a_row", trial.LossesInARow),
        ("epoch", trial.Epoch),
        ("value", trial.Value),
        ("value_epoch", trial.ValueEpoch),
        ("test_loss", trial.TestLoss),
        ("test_accuracy", trial.TestAccuracy),
        ("checkpoint_epoch", trial.Checkpoint?.Epoch),
        ("checkpoint_batch", trial.Checkpoint?.Batch),
        ("checkpoint_digest", trial.Checkpoint?.Digest),
        ("checkpoint_bytes", trial.Checkpoint?.Bytes),
        ("worker", trial.Worker),
        ("incarnation", trial.Incarnation),
        ("device", trial.Device),
        ("facts", trial.Facts),
        ("not_before", Time(trial.NotBefore)),
        ("started", Time(trial.Started)),
        ("finished", Time(trial.Finished)),
        ("granted", Time(trial.Granted)),
    ];

    private static string? Time(DateTimeOffset? time) => time is { } known ? Timestamp.Format(known) : null;
}
