using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>What the schedule makes of each word of a running attempt, and how trials and sweeps end.</content>
public sealed partial class SweepSchedule
{
    private Answer Start(TrialRecord trial, string device, DateTimeOffset now)
    {
        if (trial.State == TrialState.Leased)
        {
            Move(trial, TrialState.Running, TransitionCause.Started, $"attempt {trial.Attempts} started on {device}", trial.Worker!, now, trial => trial with
            {
                Device = device,
                Started = trial.Started ?? now,
                AttemptStarted = now,
            });
        }

        return Answer.Noted;
    }

    private Answer Describe(TrialRecord trial, ImmutableSortedDictionary<string, string> facts)
    {
        Update(trial with { Facts = JsonSerializer.Serialize(facts) }, trial.Lease);
        return Answer.Noted;
    }

    private Answer Report(TrialRecord trial, EpochReport report, CheckpointFile? checkpoint, DateTimeOffset now)
    {
        if (report.Epoch is < 1 or > EpochReport.MaxEpoch && trial.State.IsActive())
        {
            return Fail(trial, FailureCause.Crashed, $"the runner reported an epoch {report.Epoch}", now);
        }

        // A program that does not wait for verdicts may report once more before it gives back its slot.
        if (!trial.State.IsActive() && !(trial.State == TrialState.Paused && report.Epoch > trial.Epoch))
        {
            return report.Epoch > trial.Epoch ? Answer.Fenced : Answer.Of(trial.State switch
            {
                TrialState.Pruned => Verdict.Stop,
                TrialState.Paused => Verdict.Pause,
                _ => Verdict.Continue,
            });
        }

        if (_reports.TryFind(trial.Number, report.Epoch, out var first))
        {
            if (!first.SaysTheSameAs(report))
            {
                Log(
                    new Occurrence.ReportMismatch(trial.Number, trial.Attempts),
                    $"epoch {report.Epoch} was run again and differs: {first.MetricsToJson()} then {report.MetricsToJson()}",
                    trial.Worker!,
                    now);
            }

            // An epoch done again is an epoch done: this attempt did not take its worker down before one.
            if (trial.LossesInARow > 0)
            {
                trial = Update(trial with { LossesInARow = 0 }, trial.Lease);
            }

            Checkpoint(trial, checkpoint, now);
            return Answer.Of(Verdict.Continue);
        }

        _reports.Add(trial, report);
        _changes.Add(new SweepChange.ReportAdded(trial.Number, trial.Lease, trial.Attempts, report, now));
        var value = report[_definition.Metric.Name];
        var better = value is { } number && double.IsFinite(number) && (trial.Value is not { } best || _definition.Metric.IsBetter(number, best));
        if (better)
        {
            _memory.RememberBest(trial.Number, report);
        }

        trial = Update(
            trial with
            {
                Epoch = Math.Max(trial.Epoch, report.Epoch),
                Value = better ? value : trial.Value,
                ValueEpoch = better ? report.Epoch : trial.ValueEpoch,
                LossesInARow = 0,
            },
            trial.Lease);
        Checkpoint(trial, checkpoint, now);
        trial = _trials[trial.Number];

        var verdict = trial.State == TrialState.Paused ? Verdict.Pause : Judge(trial, report.Epoch, value, now);
        StopAtTarget(trial, now);
        if (Sweep.State.IsOpen())
        {
            Tick(now);
        }

        return Answer.Of(verdict);
    }

    private Answer Checkpoint(TrialRecord trial, CheckpointFile? checkpoint, DateTimeOffset now)
    {
        // One that is told again after its successor must not bring it back: its file is gone by then.
        if (checkpoint is null || !(trial.State.IsActive() || trial.State == TrialState.Paused) || (trial.Checkpoint is { } latest && !checkpoint.IsAfter(latest)))
        {
            return Answer.Noted;
        }

        _changes.Add(new SweepChange.CheckpointAdded(trial.Number, trial.Lease, trial.Attempts, checkpoint, now));
        if (_definition.Checkpoint.Keep != CheckpointKeep.All)
        {
            // Nobody has read the new one yet: the one that it follows stays until the next.
            DropEarlier(trial);
        }

        Update(trial with { Checkpoint = checkpoint, EarlierCheckpoint = trial.Checkpoint }, trial.Lease);
        return Answer.Noted;
    }

    private Answer LoseCheckpoint(TrialRecord trial, CheckpointFile lost, string reason, DateTimeOffset now)
    {
        if (trial.Checkpoint?.Digest == lost.Digest)
        {
            _changes.Add(new SweepChange.CheckpointDropped(trial.Number, lost.Digest));
            trial = Update(trial with { Checkpoint = trial.EarlierCheckpoint, EarlierCheckpoint = null }, trial.Lease);
        }

        var next = trial.Checkpoint is { } earlier
            ? string.Create(CultureInfo.InvariantCulture, $"it goes on from the one before, of epoch {earlier.Epoch}{(earlier.Batch > 0 ? $" and batch {earlier.Batch}" : "")}")
            : "there is none before it: it starts anew";
        Log(new Occurrence.CheckpointLost(trial.Number, trial.Attempts), $"{reason}; {next}", trial.Worker!, now);
        return Requeue(trial, TransitionCause.CheckpointLost, $"the checkpoint of epoch {lost.Epoch} is lost", now);
    }

    private void DropEarlier(TrialRecord trial)
    {
        if (trial.EarlierCheckpoint is { } earlier)
        {
            _changes.Add(new SweepChange.CheckpointDropped(trial.Number, earlier.Digest));
        }
    }

    /// <summary>What an ended trial need not keep.</summary>
    private void DropCheckpoints(TrialRecord trial)
    {
        if (_definition.Checkpoint.Keep != CheckpointKeep.All)
        {
            DropEarlier(trial);
        }

        if (trial.Checkpoint is { } checkpoint && _definition.Checkpoint.Keep == CheckpointKeep.None)
        {
            _changes.Add(new SweepChange.CheckpointDropped(trial.Number, checkpoint.Digest));
        }
    }

    private Answer Complete(TrialRecord trial, double? testLoss, double? testAccuracy, DateTimeOffset now)
    {
        End(trial, TrialState.Completed, TransitionCause.Finished, "the last epoch is done", now, trial => trial with { TestLoss = testLoss, TestAccuracy = testAccuracy });
        return Answer.Noted;
    }

    private Answer Release(TrialRecord trial, string reason, DateTimeOffset now)
    {
        const string ready = "ready to go on from its last checkpoint";
        var (cause, why) = PreemptedBy(trial.Number, trial.Lease) is { } other ? (TransitionCause.Preempted, $"preempted by {other}") : (TransitionCause.Released, null);
        return trial.State == TrialState.Running
            ? Requeue(Move(trial, TrialState.Paused, cause, why ?? reason, trial.Worker!, now), cause, ready, now)
            : Requeue(trial, cause, why ?? ready, now);
    }

    private Answer Fail(TrialRecord trial, FailureCause cause, string message, DateTimeOffset now)
    {
        if (cause == FailureCause.OutOfMemory && !trial.Alone && trial.Device?.StartsWith("cuda", StringComparison.Ordinal) == true && Sweep.State != SweepState.Stopping)
        {
            // It may be the others' memory that was missing. Once alone it can only be its own.
            Move(trial, TrialState.Queued, TransitionCause.Failed, $"{cause.ToName()}: {message}; it is tried again alone on its device", trial.Worker!, now, trial => trial with { Alone = true }, cause);
            return Answer.Noted;
        }

        var failures = trial.Failures + 1;
        if (_definition.Retry.On.Contains(cause) && failures <= _definition.Retry.Max && Sweep.State != SweepState.Stopping)
        {
            var wait = BackoffAfter(failures);
            var why = $"{cause.ToName()}: {message}; retry {failures} of {_definition.Retry.Max} in {wait.TotalSeconds:0.#} s";
            Move(trial, TrialState.Queued, TransitionCause.Failed, why, trial.Worker!, now, trial => trial with
            {
                Cause = cause,
                Message = message,
                Failures = failures,
                NotBefore = now + wait,
            }, cause);
            return Answer.Noted;
        }

        End(trial, TrialState.Failed, TransitionCause.Failed, $"{cause.ToName()}: {message}", now, trial => trial with
        {
            Cause = cause,
            Message = message,
            Failures = failures,
        }, cause);
        return Answer.Noted;
    }

    private Answer Requeue(TrialRecord trial, TransitionCause cause, string reason, DateTimeOffset now, int? losses = null)
    {
        Move(trial, TrialState.Queued, cause, reason, Self, now, trial => trial with { LossesInARow = losses ?? trial.LossesInARow });
        if (Sweep.State == SweepState.Stopping)
        {
            EndWithSweep(_trials[trial.Number], Sweep.Reason ?? "stopped", Self, now);
            FinishIfDone(now);
        }

        return Answer.Noted;
    }

    private void StopAtTarget(TrialRecord trial, DateTimeOffset now)
    {
        if (trial.Value is { } value && _definition.Metric.ReachesTarget(value) && Sweep.State.IsOpen())
        {
            Stop(Self, $"target {Number(_definition.Metric.Target!.Value)} reached by trial {trial.Number}: {_definition.Metric.Name} {Number(value)}", now);
        }
    }

    private void EnforceMaxFailures(DateTimeOffset now)
    {
        if (_definition.Limits.MaxFailures is { } limit && _index.Count[TrialState.Failed] >= limit && !Sweep.State.IsFinal())
        {
            EndAll($"max_failures ({limit}) reached{FirstFailure()}", SweepState.Failed, now);
        }
    }

    private void EndAll(string reason, SweepState state, DateTimeOffset now, string by = Self)
    {
        foreach (var trial in Waiting().Concat(Active.ToList()).ToList())
        {
            EndWithSweep(trial, reason, by, now);
        }

        Finish(state, reason, now, by);
    }

    private void End(
        TrialRecord trial,
        TrialState state,
        TransitionCause cause,
        string reason,
        DateTimeOffset now,
        Func<TrialRecord, TrialRecord>? change = null,
        FailureCause? failure = null)
    {
        trial = Move(trial, state, cause, reason, trial.Worker!, now, trial => (change?.Invoke(trial) ?? trial) with { Finished = now }, failure);
        // A failed one may be tried again, and goes on from it.
        if (state != TrialState.Failed)
        {
            DropCheckpoints(trial);
        }

        _reports.End(trial);
        EnforceMaxFailures(now);
        FinishIfDone(now);
    }

    private void FinishIfDone(DateTimeOffset now)
    {
        if (Sweep.State.IsFinal() || _index.Active.Count > 0)
        {
            return;
        }

        if (Sweep.State == SweepState.Stopping)
        {
            var hit = Best?.Value is { } value && _definition.Metric.ReachesTarget(value);
            Finish(hit ? SweepState.Completed : SweepState.Stopped, Sweep.Reason ?? "stopped", now);
        }
        else if (_index.Queued.Count == 0 && !HasMore && Promotions().Count == 0)
        {
            EndPaused(now);
            if (_index.Count[TrialState.Completed] > 0)
            {
                Finish(SweepState.Completed, "every trial has ended", now);
            }
            else
            {
                Finish(SweepState.Failed, _trials.Count == 0 ? "there was no configuration to try" : "no trial completed" + FirstFailure(), now);
            }
        }
    }

    /// <summary>Whoever reads that a sweep failed wants to know why before looking at its trials.</summary>
    private string FirstFailure() => _index.Failed.Count > 0 && _trials[_index.Failed.First()] is var failed
        ? $"; trial {failed.Number} failed: {failed.Cause?.ToName()}: {failed.Message}"
        : "";

    private void Finish(SweepState state, string reason, DateTimeOffset now, string by = Self)
    {
        Move(state, reason, now, by);
        Sweep = Sweep with { Finished = now };
        _changes.Add(new SweepChange.SweepUpdated(Sweep));
    }

    private List<TrialRecord> Waiting() => [.. _trials.Whole.Where(trial => trial.State is TrialState.Queued or TrialState.Paused).OrderBy(trial => trial.Number)];

    private TrialRecord Move(
        TrialRecord trial,
        TrialState to,
        TransitionCause cause,
        string reason,
        string by,
        DateTimeOffset now,
        Func<TrialRecord, TrialRecord>? change = null,
        FailureCause? failure = null)
    {
        if (!TrialTransitions.IsAllowed(trial.State, to))
        {
            throw new InvalidOperationException($"trial {trial.Number} cannot go from {trial.State.ToName()} to {to.ToName()} ({reason})");
        }

        var before = trial;
        if (trial.State.IsActive() && !to.IsActive())
        {
            trial = EndAttempt(trial, to, cause, failure, now);
        }

        var moved = Update((change?.Invoke(trial) ?? trial) with { State = to, StateCause = cause }, trial.Lease);
        var attempt = Math.Max(before.Attempts, moved.Attempts);
        Log(new Occurrence.TrialMoved(trial.Number, attempt, before.State, to, cause, failure), reason, by, now);
        return moved;
    }

    /// <summary>A lease that ended before anything ran was no attempt: the next one takes its number.</summary>
    private TrialRecord EndAttempt(TrialRecord trial, TrialState outcome, TransitionCause cause, FailureCause? failure, DateTimeOffset now)
    {
        Charge(trial, now);
        var mayHaveRun = cause is TransitionCause.Failed or TransitionCause.Killed
            || (cause == TransitionCause.WorkerLost && !_ahead.Contains(trial.Number));
        if (trial.AttemptStarted is null && !mayHaveRun)
        {
            return trial with { Attempts = trial.Attempts - 1 };
        }

        var attempt = new AttemptRecord(
            trial.Attempts, trial.Worker!, trial.Device, trial.Granted!.Value, trial.AttemptStarted, now, outcome, cause, failure);
        _changes.Add(new SweepChange.AttemptEnded(trial.Number, trial.Lease, attempt));
        return trial with { AttemptStarted = null, RunSeconds = trial.RunSeconds + SecondsSince(trial.AttemptStarted, now) };
    }

    private TrialRecord Update(TrialRecord trial, long heldLease)
    {
        Index(trial);
        _changes.Add(new SweepChange.TrialUpdated(trial, heldLease));
        return trial;
    }

    private void Move(SweepState to, string reason, DateTimeOffset now, string by = Self)
    {
        if (!SweepTransitions.IsAllowed(Sweep.State, to))
        {
            throw new InvalidOperationException($"the sweep cannot go from {Sweep.State.ToName()} to {to.ToName()} ({reason})");
        }

        var from = Sweep.State;
        Sweep = Sweep with { State = to, Reason = reason, Started = Sweep.Started ?? (to == SweepState.Running ? now : null) };
        _changes.Add(new SweepChange.SweepUpdated(Sweep));
        Log(new Occurrence.SweepMoved(from, to), reason, by, now);
    }

    private void Log(Occurrence what, string reason, string by, DateTimeOffset now) =>
        _changes.Add(new SweepChange.EventAdded(new SweepEvent(what, reason, by, now)));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
