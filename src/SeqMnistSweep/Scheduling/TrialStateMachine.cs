namespace SeqMnistSweep.Scheduling;

/// <summary>Why a trial or a sweep goes to another state.</summary>
/// <param name="Reason">For people.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Failure">Set where <paramref name="Cause"/> is <see cref="TransitionCause.Failed"/>.</param>
internal readonly record struct Transition(
    TransitionCause Cause, string Reason, string By, DateTimeOffset Now, FailureCause? Failure = null);

/// <summary>Takes trials from one state to another: only as <see cref="TrialTransitions"/> allows, with an event, and with an attempt's end
/// where one ends.</summary>
internal sealed class TrialStateMachine(SweepLedger ledger, SlotAccounting slots)
{
    /// <param name="change">What else changes of the trial.</param>
    /// <exception cref="InvalidOperationException">No trial goes from its state to <paramref name="to"/>.</exception>
    public TrialRecord Move(TrialRecord trial, TrialState to, Transition why, Func<TrialRecord, TrialRecord>? change = null)
    {
        if (!TrialTransitions.IsAllowed(trial.State, to))
        {
            throw new InvalidOperationException(
                $"trial {trial.Number} cannot go from {trial.State.ToName()} to {to.ToName()} ({why.Reason})");
        }

        var (from, lease, attempt) = (trial.State, trial.Lease, trial.Attempts);
        if (from.IsActive() && !to.IsActive())
        {
            trial = EndAttempt(trial, to, why);
        }

        var moved = ledger.Update((change?.Invoke(trial) ?? trial) with { State = to, StateCause = why.Cause }, lease);
        var what = new Occurrence.TrialMoved(trial.Number, Math.Max(attempt, moved.Attempts), from, to, why.Cause, why.Failure);
        ledger.Log(what, why.Reason, why.By, why.Now);
        return moved;
    }

    /// <summary>A lease that ended before anything ran was no attempt: the next one takes its number.</summary>
    private TrialRecord EndAttempt(TrialRecord trial, TrialState outcome, Transition why)
    {
        slots.Charge(trial, why.Now);
        var mayHaveRun = why.Cause is TransitionCause.Failed or TransitionCause.Killed
            || (why.Cause == TransitionCause.WorkerLost && !slots.WaitsAhead(trial.Number));
        if (trial.AttemptStarted is null && !mayHaveRun) return trial with { Attempts = trial.Attempts - 1 };

        var started = trial.AttemptStarted;
        trial = trial with { RunSeconds = trial.RunSeconds + SlotAccounting.SecondsSince(started, why.Now) };

        // Nothing follows the attempt that ends its trial for good: the trial's own row says all of it.
        if (started is not null && outcome.IsForGood()) return trial;

        var attempt = new AttemptRecord(
            trial.Attempts, trial.Worker!, trial.Device, trial.Granted!.Value, started, why.Now, outcome, why.Cause, why.Failure);
        ledger.Add(new SweepChange.AttemptEnded(trial.Number, trial.Lease, attempt));
        return trial with { AttemptStarted = null };
    }
}
