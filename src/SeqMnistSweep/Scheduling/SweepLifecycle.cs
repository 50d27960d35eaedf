using SeqMnistSweep.Methods;

namespace SeqMnistSweep.Scheduling;

/// <summary>When a sweep stops, ends and goes on again. A trial that was cancelled because the sweep ended stays cancelled, for an ended
/// trial never changes; when the sweep goes on it gets a new trial of the same configuration and seed, which begins with its first
/// epoch.</summary>
internal sealed class SweepLifecycle(
    SweepLedger ledger, TrialStateMachine trials, SlotAccounting slots, SearchDriver search, RungGate rungs, CheckpointRules checkpoints,
    ConfirmationStage confirmation)
{
    private const string Self = SweepLedger.Schedule;

    private SweepState State => ledger.Sweep.State;

    /// <summary>Lets limits act.</summary>
    public void Tick(DateTimeOffset now)
    {
        if (!State.IsFinal() && slots.Reached(ledger.Definition, now) is { } reached)
        {
            Stop(SweepCause.Limit, Self, $"{reached} reached", now);
        }

        if (!State.IsFinal() && ledger.Definition.Limits.SweepTime is { } limit && now - ledger.Sweep.Started >= limit)
        {
            Stop(SweepCause.Limit, Self, $"sweep_time ({limit.TotalSeconds:0.###} s) reached", now);
        }
    }

    /// <exception cref="InvalidOperationException">No sweep goes from its state to <paramref name="to"/>.</exception>
    public void Move(SweepState to, SweepCause cause, string reason, DateTimeOffset now, string by = Self)
    {
        var from = State;
        if (!SweepTransitions.IsAllowed(from, to))
        {
            throw new InvalidOperationException($"the sweep cannot go from {from.ToName()} to {to.ToName()} ({reason})");
        }

        ledger.Update(ledger.Sweep with
        {
            State = to,
            Cause = cause,
            Reason = reason,
            Started = ledger.Sweep.Started ?? (to == SweepState.Running ? now : null),
            Finished = to.IsFinal() ? now : null,
        });
        ledger.Log(new Occurrence.SweepMoved(from, to, cause), reason, by, now);
    }

    /// <summary>No new trials; those that run end by themselves.</summary>
    public void Stop(SweepCause cause, string by, string reason, DateTimeOffset now)
    {
        if (State.IsFinal() || State == SweepState.Stopping) return;

        foreach (var trial in ledger.Waiting)
        {
            CancelWithSweep(trial, reason, by, now);
        }

        if (ledger.Index.Active.Count == 0)
        {
            Move(StoppedBy(cause), cause, reason, now, by);
            return;
        }

        if (State == SweepState.Queued)
        {
            Move(SweepState.Running, cause, reason, now, by);
        }

        Move(SweepState.Stopping, cause, reason, now, by);
    }

    /// <summary>A search that has come to its own end is completed.</summary>
    private SweepState StoppedBy(SweepCause cause) =>
        ledger.HasReachedTarget || cause == SweepCause.Stagnation ? SweepState.Completed : SweepState.Stopped;

    /// <summary>Ends every trial and the sweep at once; holders of leases learn it at their next exchange.</summary>
    public void EndAll(SweepState state, SweepCause cause, string by, string reason, DateTimeOffset now)
    {
        foreach (var trial in ledger.Waiting.Concat(ledger.Active).ToList())
        {
            CancelWithSweep(trial, reason, by, now);
        }

        Move(state, cause, reason, now, by);
    }

    /// <summary>Ends a running trial, and the sweep where it was the last or one failure too many.</summary>
    public void End(TrialRecord trial, TrialState state, Transition why, Func<TrialRecord, TrialRecord>? change = null)
    {
        trial = trials.Move(trial, state, why, trial => (change?.Invoke(trial) ?? trial) with { Finished = why.Now });
        // A failed one may be tried again, and goes on from its checkpoints.
        if (state != TrialState.Failed)
        {
            checkpoints.End(trial);
        }

        if (state == TrialState.Completed)
        {
            ledger.Stagnation.Complete(trial);
        }

        ledger.Reports.End(trial);
        if (state == TrialState.Completed)
        {
            StopAtTarget(trial, why.Now);
        }

        EnforceMaxFailures(why.Now);
        if (state == TrialState.Failed && !State.IsFinal() && FirstFailures.Of(ledger) is { } alike)
        {
            EndAll(SweepState.Failed, alike.Cause, Self, alike.Reason, why.Now);
        }

        FinishIfDone(why.Now);
    }

    public void CancelWithSweep(TrialRecord trial, string reason, string by, DateTimeOffset now) =>
        trials.Move(trial, TrialState.Cancelled, new Transition(TransitionCause.SweepEnded, reason, by, now), trial => trial with
        {
            Message = $"ended with the sweep: {reason}",
            Finished = now,
        });

    public void StopAtTarget(TrialRecord trial, DateTimeOffset now)
    {
        var metric = ledger.Definition.Metric;
        if (ledger.HasValue(trial) && metric.ReachesTarget(trial.Value!.Value) && State.IsOpen() && trial.IsOfSearch)
        {
            EndSearch(SweepCause.Target, TargetReached(trial), now);
        }
    }

    /// <summary>Ends the sweep with what runs, or, where the best are to be confirmed, the search alone.</summary>
    private void EndSearch(SweepCause cause, string reason, DateTimeOffset now)
    {
        if (ledger.Definition.Confirm is null)
        {
            Stop(cause, Self, reason, now);
            return;
        }

        foreach (var trial in ledger.Waiting.Where(trial => trial.IsOfSearch))
        {
            CancelWithSweep(trial, reason, Self, now);
        }
    }

    private string TargetReached(TrialRecord trial) => string.Create(CultureInfo.InvariantCulture,
        $"target {ledger.Definition.Metric.Target!.Value:R} reached by trial {trial.Number}: {ledger.Definition.Metric.Name} {trial.Value:R}");

    public void EnforceMaxFailures(DateTimeOffset now)
    {
        if (ledger.Definition.Limits.MaxFailures is { } limit && ledger.Index.Count[TrialState.Failed] >= limit && !State.IsFinal())
        {
            EndAll(SweepState.Failed, SweepCause.MaxFailures, Self, $"max_failures ({limit}) reached{FirstFailure()}", now);
        }
    }

    public void FinishIfDone(DateTimeOffset now)
    {
        if (State.IsOpen() && ledger.Stagnation.IsReached)
        {
            EndSearch(SweepCause.Stagnation, ledger.Stagnation.Reason, now);
        }

        if (State.IsFinal() || ledger.Index.Active.Count > 0) return;

        if (State == SweepState.Stopping)
        {
            var (cause, reason) = (ledger.Sweep.Cause ?? SweepCause.Asked, ledger.Sweep.Reason ?? "stopped");
            Move(StoppedBy(cause), cause, reason, now);
        }
        else if (ledger.Index.Queued.Count == 0 && !search.HasMore && rungs.Promotions().Count == 0)
        {
            rungs.EndPaused(now);
            if (confirmation.Begin(now)) return;

            if (ledger.Index.Count[TrialState.Completed] > 0)
            {
                var (cause, reason) = EndOfSearch();
                Move(SweepState.Completed, cause, reason, now);
            }
            else if (ledger.Trials.Count == 0)
            {
                Move(SweepState.Failed, SweepCause.NothingToTry, "there was no configuration to try", now);
            }
            else
            {
                Move(SweepState.Failed, SweepCause.NoTrialCompleted, "no trial completed" + FirstFailure(), now);
            }
        }
    }

    private (SweepCause Cause, string Reason) EndOfSearch() =>
        ledger.HasReachedTarget ? (SweepCause.Target, TargetReached(ledger.Best!))
        : ledger.Stagnation.IsReached ? (SweepCause.Stagnation, ledger.Stagnation.Reason)
        : ledger.Improvement.IsReached ? (SweepCause.Stagnation, ledger.Improvement.Reason)
        : search.Exhausted is { } exhausted ? (SweepCause.Exhausted, exhausted)
        : (SweepCause.Finished, "every trial has ended");

    /// <summary>Brings an ended sweep back, and what ended with it.</summary>
    /// <param name="searches">Whether the search goes on; else it stays where it ended.</param>
    public void Reopen(string by, string reason, DateTimeOffset now, bool searches = true)
    {
        if (!State.IsFinal()) return;

        var again = searches ? CancelledWithSweep() : [];
        if (searches)
        {
            ledger.Stagnation.Restart();
            ledger.Improvement.Restart();
        }

        ledger.Update(ledger.Sweep with { Planned = ledger.Sweep.Planned + again.Count });
        Move(SweepState.Running, SweepCause.Asked, reason, now, by);
        foreach (var trial in again)
        {
            ledger.Add(trial.Configuration, trial.Parameters, trial.Seed, $"trial {trial.Number} anew, which ended with the sweep", now);
        }
    }

    /// <summary>The search's trials that an end of the sweep took away, and that were not made again since.</summary>
    public List<TrialRecord> CancelledWithSweep() => ledger.Index.Count[TrialState.Cancelled] == 0
        ? []
        : [.. Newest().Where(trial => trial is { State: TrialState.Cancelled, StateCause: TransitionCause.SweepEnded })
            .OrderBy(trial => trial.Number)];

    /// <summary>Trials in all under a definition; null when nobody knows.</summary>
    public long? PlannedWith(SweepDefinition definition) => SweepPlan.TrialsWith(definition, ledger.Configurations.All)
        + (ledger.Method.Pruner is null ? 0 : ledger.Trials.Values.Count(trial => trial.StateCause == TransitionCause.Replaced))
        + (ledger.Index.Count[TrialState.Cancelled] == 0 ? 0 : ledger.Trials.Count - ledger.Index.Confirmations - Newest().Count())
        + ledger.Index.Confirmations;

    /// <summary>The search's last trial of every configuration and seed.</summary>
    private IEnumerable<TrialRecord> Newest() => ledger.Trials.Values.Where(trial => trial.IsOfSearch)
        .GroupBy(trial => (trial.Configuration, trial.Seed)).Select(made => made.Last());

    /// <summary>Whoever reads that a sweep failed wants to know of what kind its failures are; what exactly was wrong its trials tell.</summary>
    private string FirstFailure() => ledger.Index.Failed.Count > 0 && ledger.Trials[ledger.Index.Failed.First()] is var failed
        ? $"; trial {failed.Number} failed: {failed.Cause?.ToName()}"
        : "";
}
