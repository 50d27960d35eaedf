using System.Text.Json;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>What the schedule makes of the events of a running attempt, and of the loss of its lease.</summary>
internal sealed class AttemptHandler(
    SweepLedger ledger, TrialStateMachine trials, SlotAccounting slots, ReportHandler reports, CheckpointRules checkpoints,
    SweepLifecycle sweep)
{
    private const string Ready = "ready to go on from its last checkpoint";

    private bool SweepEnds => ledger.Sweep.State == SweepState.Stopping;

    /// <summary>Takes in an event. One under a stale lease changes nothing and is answered with <see cref="Answer.Fenced"/>; one heard
    /// before is answered again.</summary>
    public Answer Apply(int number, long lease, AttemptEvent happened, DateTimeOffset now)
    {
        if (!ledger.Trials.TryGetValue(number, out var trial) || trial.Lease != lease) return Answer.Fenced;

        // A runner need not say that it has started; what it does shows it.
        if (trial.State == TrialState.Leased
            && happened is AttemptEvent.Reported or AttemptEvent.Checkpointed or AttemptEvent.Described or AttemptEvent.Completed)
        {
            trial = Start(trial, trial.Device!, now);
        }

        if (happened is AttemptEvent.Reported reported)
        {
            return Report(trial, reported, now);
        }

        if (happened is AttemptEvent.Checkpointed(var file))
        {
            checkpoints.Take(trial, file, now);
        }
        else if (trial.State.IsActive())
        {
            Take(trial, happened, now);
        }
        else if (happened is AttemptEvent.Completed { Epoch: { } last } done && trial.State == TrialState.Paused && last == trial.Epoch
            && ledger.MissingMetrics(number).IsEmpty)
        {
            // It ended by itself at the rung where it was to wait: that was its last epoch.
            Complete(trial, done, now);
        }

        return Answer.Noted;
    }

    /// <summary>Takes in what an external client tells, which may be several events at once, and each of them again.</summary>
    /// <param name="epoch">The epoch that <paramref name="metrics"/> are of; null for the one after the last.</param>
    /// <param name="metrics">Null when none are told.</param>
    /// <param name="end">How the attempt ended; null while it goes on.</param>
    /// <returns>Fenced when the lease is not the trial's newest, or was taken away before this was told. The verdict is to go on only
    /// where the lease lives.</returns>
    /// <exception cref="ReportRefusedException">The trial cannot report that epoch now, or not end without a metric; nothing is
    /// changed.</exception>
    public Answer Tell(
        int number, long lease, int? epoch, ImmutableSortedDictionary<string, double>? metrics, AttemptEvent? end, DateTimeOffset now)
    {
        if (!ledger.Trials.TryGetValue(number, out var trial) || trial.Lease != lease) return Answer.Fenced;

        if (!trial.State.IsActive())
        {
            return IsRepetition(trial, epoch, metrics, end) ? ReportHandler.VerdictOf(trial) : Answer.Fenced;
        }

        var told = new EpochReport(epoch ?? trial.EpochsDone + 1, metrics ?? ImmutableSortedDictionary<string, double>.Empty);
        if ((epoch ?? metrics?.Count) is not null && reports.Problem(trial, told) is { } problem)
        {
            throw new ReportRefusedException(problem);
        }

        if (end is AttemptEvent.Completed && ledger.MissingMetrics(number, metrics?.Keys) is { IsEmpty: false } missing)
        {
            var near = NearestName.Of(missing[0], metrics?.Keys ?? []) is { } nearest ? $" ('{nearest}' is none)" : "";
            throw new ReportRefusedException(
                $"trial {number} cannot be completed: it has told no {string.Join(" and no ", missing)}{near}, on which the sweep ranks; "
                    + "tell it in 'metrics', or tell the trial as failed");
        }

        if (trial.State == TrialState.Leased)
        {
            Start(trial, trial.Device!, now);
        }

        var answer = metrics is null ? Answer.Of(Verdict.Continue) : Apply(number, lease, new AttemptEvent.Reported(told, null), now);
        if (end is not null)
        {
            Apply(number, lease, end, now);
        }

        trial = ledger.Trials[number];
        return answer.Verdict == Verdict.Continue ? ReportHandler.VerdictOf(trial) : answer;
    }

    /// <summary>A lease ended without a word. The trial goes back to the queue, or fails as poison.</summary>
    public void Lose(TrialRecord trial, LeaseLoss loss, DateTimeOffset now)
    {
        if (loss == LeaseLoss.HeadRestarted)
        {
            Requeue(trial, TransitionCause.HeadRestarted, $"{trial.Worker} went down together with the head", now);
            return;
        }

        if (trial.State == TrialState.Leased && slots.WaitsAhead(trial.Number))
        {
            Requeue(trial, TransitionCause.WorkerLost, $"lost with {trial.Worker}, where it waited for a slot", now);
            return;
        }

        var losses = trial.LossesInARow + 1;
        if (losses < SweepSchedule.PoisonAfter)
        {
            Requeue(trial, TransitionCause.WorkerLost, $"lost with {trial.Worker}", now, losses);
            return;
        }

        var reason = $"{losses} attempts in a row took their worker down before a new epoch was done";
        var why = new Transition(TransitionCause.Failed, reason, trial.Worker!, now, FailureCause.Poison);
        sweep.End(trial, TrialState.Failed, why, trial => trial with
        {
            Cause = FailureCause.Poison,
            LossesInARow = losses,
            Message = $"lost with its worker {losses} times in a row, last on {trial.Worker}",
        });
    }

    private void Take(TrialRecord trial, AttemptEvent happened, DateTimeOffset now)
    {
        switch (happened)
        {
            case AttemptEvent.Started(var device): Start(trial, device, now); break;
            case AttemptEvent.Described(var facts):
                reports.Describe(ledger.Update(trial with { Facts = JsonSerializer.Serialize(facts) }), now);
                break;
            case AttemptEvent.Stepped(var step, var metrics):
                ledger.Add(new SweepChange.StepAdded(trial.Number, trial.Lease, trial.Attempts, step, metrics, now));
                break;
            case AttemptEvent.Completed completed: Complete(trial, completed, now); break;
            case AttemptEvent.Stopped: Fail(trial, FailureCause.Crashed, "the runner stopped unasked", now); break;
            case AttemptEvent.Released(var reason): Release(trial, reason, now); break;
            case AttemptEvent.Failed(FailureCause.Device, var message):
                TryElsewhere(trial, message, new Transition(
                    TransitionCause.Failed, $"device: {message}", trial.Worker!, now, FailureCause.Device), FailureCause.Device);
                break;
            case AttemptEvent.Failed(var cause, var message): Fail(trial, cause, message, now); break;
            case AttemptEvent.Killed(var message):
                TryElsewhere(
                    trial, message, new Transition(TransitionCause.Killed, message, SweepLedger.Schedule, now), FailureCause.Crashed);
                break;
            case AttemptEvent.CheckpointLost(var lost, var reason):
                trial = checkpoints.Lose(trial, lost, reason, now);
                Requeue(trial, TransitionCause.CheckpointLost, $"the checkpoint of epoch {lost.Epoch} is lost", now);
                break;
            default: throw new InvalidOperationException($"unknown event {happened.GetType().Name}");
        }
    }

    private TrialRecord Start(TrialRecord trial, string device, DateTimeOffset now)
    {
        if (trial.State != TrialState.Leased) return trial;

        var anew = trial.Epoch <= trial.ResumeEpoch ? ""
            : $" and begins after epoch {trial.ResumeEpoch}: what was reported up to epoch {trial.Epoch} no longer counts";
        // A client has begun when it was given the trial, and may not say so before it has a result.
        var began = trial.LeaseLife is null ? now : trial.Granted ?? now;
        var why = new Transition(TransitionCause.Started, $"attempt {trial.Attempts} started on {device}{anew}", trial.Worker!, now);
        return reports.Begin(trials.Move(trial, TrialState.Running, why, trial => trial with
        {
            Device = device,
            Started = trial.Started ?? began,
            AttemptStarted = began,
        }));
    }

    /// <summary>A report that cannot be would be made again by every attempt.</summary>
    private Answer Report(TrialRecord trial, AttemptEvent.Reported told, DateTimeOffset now)
    {
        if (!trial.State.IsActive() || ReportHandler.Problem(told.Epoch) is not { } problem)
        {
            return reports.Take(trial, told, now);
        }

        Fail(trial, FailureCause.Invalid, problem, now);
        return Answer.Noted;
    }

    private void Complete(TrialRecord trial, AttemptEvent.Completed told, DateTimeOffset now)
    {
        trial = reports.AddUntold(trial, now);

        // A copy of a trial that had done its last epoch has nothing left to report.
        if ((trial.Epoch > 0 || trial.ResumeEpoch == 0) && ledger.MissingMetrics(trial.Number) is [var missing, ..])
        {
            Fail(trial, FailureCause.NoMetric, NoMetric(trial, missing) + (told.NearMiss is { } near ? $"; {near}" : ""), now);
            return;
        }

        var why = new Transition(TransitionCause.Finished, $"done after {Plural.Of(trial.Epoch, "epoch")}", trial.Worker!, now);
        sweep.End(trial, TrialState.Completed, why, trial => trial with { TestLoss = told.TestLoss, TestAccuracy = told.TestAccuracy });
    }

    private string NoMetric(TrialRecord trial, string missing)
    {
        var names = ledger.Reports.NamesOf(trial.Number).ToList();
        return names.Count == 0
            ? $"it reported no epoch; the sweep ranks on {missing}"
            : $"it reported {string.Join(", ", names)}; the sweep ranks on {missing}"
                + (NearestName.Of(missing, names) is { } nearest ? $"; did you mean {nearest}?" : "");
    }

    private void Release(TrialRecord trial, string reason, DateTimeOffset now)
    {
        var (cause, why) = slots.PreemptedBy(trial.Number, trial.Lease) is { } other
            ? (TransitionCause.Preempted, $"preempted by {other}")
            : (TransitionCause.Released, null);
        if (trial.State == TrialState.Running)
        {
            trial = trials.Move(trial, TrialState.Paused, new Transition(cause, why ?? reason, trial.Worker!, now));
            why = null;
        }

        Requeue(trial, cause, why ?? Ready, now);
    }

    /// <summary>A kill or two are nobody's fault, and a device that does not work is its worker's, which takes no trials until it does. A
    /// program that is killed again and again without a new epoch in between, or kills itself, would be started for ever.</summary>
    /// <param name="why">Of the attempts that do not count.</param>
    /// <param name="atLast">The cause of the one that does.</param>
    private void TryElsewhere(TrialRecord trial, string message, Transition why, FailureCause atLast)
    {
        trial = trial with { KillsInARow = trial.KillsInARow + 1 };
        if (trial.KillsInARow == 1)
        {
            Requeue(trial, why);
        }
        else if (trial.KillsInARow < SweepSchedule.PoisonAfter)
        {
            Requeue(trial with { NotBefore = why.Now + RetryRules.BackoffAfter(trial, ledger.Definition.Retry) }, why);
        }
        else
        {
            Fail(trial, atLast, $"{message}, {trial.KillsInARow} times in a row without a new epoch", why.Now);
        }
    }

    private void Fail(TrialRecord trial, FailureCause cause, string message, DateTimeOffset now)
    {
        var failures = trial.Failures + 1;
        var retry = ledger.Definition.Retry;
        var backoff = RetryRules.BackoffAfter(trial with { Failures = failures }, retry);
        var why = new Transition(TransitionCause.Failed, $"{cause.ToName()}: {message}", trial.Worker!, now, cause);
        var wouldFailAgain = !TrainableCatalog.IsBuiltIn(ledger.Definition.Program)
            && RetryRules.WouldFailAgain(trial, cause, retry, now, slots.HasOthers);
        switch (RetryRules.Decide(trial, cause, retry, SweepEnds, wouldFailAgain))
        {
            case RetryDecision.Alone:
                why = why with { Reason = $"{why.Reason}; it is tried again alone on its device" };
                trials.Move(trial, TrialState.Queued, why, trial => trial with { Alone = true });
                break;
            case RetryDecision.AfterBackoff:
                why = why with { Reason = $"{why.Reason}; retry {failures} of {retry.Max} in {backoff.TotalSeconds:0.#} s" };
                trials.Move(trial, TrialState.Queued, why, trial => Failed(trial) with { NotBefore = now + backoff });
                break;
            default:
                sweep.End(trial, TrialState.Failed, why, Failed);
                break;
        }

        TrialRecord Failed(TrialRecord trial) => trial with { Cause = cause, Message = message, Failures = failures };
    }

    private void Requeue(TrialRecord trial, TransitionCause cause, string reason, DateTimeOffset now, int? losses = null) =>
        Requeue(trial, new Transition(cause, reason, SweepLedger.Schedule, now), losses);

    private void Requeue(TrialRecord trial, Transition why, int? losses = null)
    {
        trial = trials.Move(trial, TrialState.Queued, why, trial => trial with { LossesInARow = losses ?? trial.LossesInARow });
        if (SweepEnds)
        {
            sweep.CancelWithSweep(trial, ledger.Sweep.Reason ?? "stopped", SweepLedger.Schedule, why.Now);
            sweep.FinishIfDone(why.Now);
        }
    }

    /// <summary>Whether the attempt ended by these very words, so that they are only repeated. A lease that ran out ended
    /// otherwise.</summary>
    private static bool IsRepetition(
        TrialRecord trial, int? epoch, ImmutableSortedDictionary<string, double>? metrics, AttemptEvent? end) => end switch
    {
        AttemptEvent.Completed => trial.State is TrialState.Completed or TrialState.Pruned,
        AttemptEvent.Failed(var cause, _) => trial.Cause == cause && trial.State is TrialState.Failed or TrialState.Queued,
        AttemptEvent.Released => trial.State is TrialState.Queued or TrialState.Paused,
        _ => metrics is not null && epoch <= trial.Epoch,
    };
}
