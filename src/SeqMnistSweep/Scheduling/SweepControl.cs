using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Scheduling;

/// <summary>What a user may ask of a sweep that lives or has ended. Every refusal is thrown before anything is changed, so the schedule
/// stays good after one.</summary>
internal sealed class SweepControl(
    SweepLedger ledger, TrialStateMachine trials, SlotAccounting slots, SearchDriver search, CheckpointRules checkpoints,
    SweepLifecycle sweep, ConfirmationStage confirmation, bool isPopulation)
{
    /// <exception cref="SweepRefusedException">There is no such trial, or it has ended.</exception>
    public void CancelTrial(int number, string by, string reason, DateTimeOffset now)
    {
        var trial = Required(number);
        Refuse(trial.State.IsFinal() ? $"trial {number} has ended already: it is {trial.State.ToName()}" : null);
        trials.Move(trial, TrialState.Cancelled, new Transition(TransitionCause.Cancelled, reason, by, now), trial => trial with
        {
            Message = $"cancelled by {Actor.Split(by).Name}: {reason}",
            Finished = now,
        });
        checkpoints.End(trial);
        ledger.Reports.End(ledger.Trials[number]);
        sweep.FinishIfDone(now);
    }

    /// <summary>Queues failed trials again, as if they had never failed but for their epochs and checkpoints.</summary>
    /// <param name="numbers">Empty for every failed one.</param>
    /// <param name="cause">Only those that failed so.</param>
    /// <returns>How many.</returns>
    /// <exception cref="SweepRefusedException">None is there to be retried, or the sweep cannot go on.</exception>
    public int Retry(IReadOnlyCollection<int> numbers, FailureCause? cause, string by, string reason, DateTimeOffset now)
    {
        var named = numbers.Distinct().Order().Select(Required).ToList();
        Refuse(named.Find(trial => trial.State != TrialState.Failed) is { } other
            ? $"trial {other.Number} is {other.State.ToName()}: only a failed trial can be tried again"
            : null);
        var failed = (named.Count > 0 ? named : ledger.Index.Failed.Select(number => ledger.Trials[number]))
            .Where(trial => cause is null || trial.Cause == cause).ToList();
        Refuse(failed.Count == 0
            ? $"no trial of sweep {ledger.Sweep.Id} has failed{(cause is { } sought ? $" by {sought.ToName()}" : "")}"
            : null);
        RequireGoingOn(ledger.Definition, now);
        sweep.Reopen(by, $"{Plural.Of(failed.Count, "failed trial")} to be tried again: {reason}", now);
        foreach (var trial in failed)
        {
            trials.Move(trial, TrialState.Queued, new Transition(TransitionCause.Retried, reason, by, now), trial => trial with
            {
                Failures = 0,
                LossesInARow = 0,
                KillsInARow = 0,
                NotBefore = null,
                Finished = null,
            });
        }

        return failed.Count;
    }

    /// <summary>Changes what may change while a sweep lives; counts at once.</summary>
    /// <exception cref="SweepRefusedException">The sweep has ended, or a value makes no sense.</exception>
    public void Edit(SweepEdits edits, string by, string reason, DateTimeOffset now)
    {
        var state = ledger.Sweep.State;
        Refuse(state.IsFinal() || state == SweepState.Stopping
            ? $"sweep {ledger.Sweep.Id} is {state.ToName()}: there is nothing left that an edit could change"
            : null);
        Refuse(edits.Seeds is null ? null : "more seeds are more trials: extend the sweep instead of editing it");
        Refuse(edits.Problem(ledger.Configurations.Count));
        var all = ledger.Sweep.Edits.With(edits);
        RequireTimeAndRoom(all.ApplyTo(ledger.File), now);
        Redefine(ledger.File, all);
        ledger.Log(new Occurrence.SweepChanged(), $"edited: {edits}: {reason}", by, now);
        sweep.EnforceMaxFailures(now);
        sweep.FinishIfDone(now);
    }

    /// <summary>More of the same: runs exactly what is missing, which is also what a limit that is now larger had left undone.</summary>
    /// <param name="file">Takes the place of the stored file; null keeps that. With the sampler that it asks for.</param>
    /// <param name="datasets">Digests of every dataset that the trials will train on.</param>
    /// <returns>Trials that the sweep will have in all, when that is known.</returns>
    /// <exception cref="SweepRefusedException">Nothing would be added, or the file is another sweep.</exception>
    public long? Extend(
        (SweepDefinition Definition, ISampler Sampler)? file, SweepEdits edits, ImmutableSortedDictionary<string, string> datasets,
        string by, string reason, DateTimeOffset now)
    {
        var extended = file?.Definition ?? ledger.File;
        // A file that is given says itself how much; older edits of that would hide it.
        var all = (file is null ? ledger.Sweep.Edits : ledger.Sweep.Edits.WithoutAmounts()).With(edits);
        RequireExtension(extended, all, edits, file is not null, now);

        var seedsBefore = ledger.Definition.Seeds.Count;
        ledger.Update(ledger.Sweep with { DatasetDigests = datasets });
        if (file is { } given)
        {
            search.Adopt(given.Definition, given.Sampler);
        }

        Redefine(extended, all);
        var what = $"extended{(edits == SweepEdits.None ? "" : $": {edits}")}{(file is null ? "" : " by a new file")}: {reason}";
        ledger.Log(new Occurrence.SweepChanged(), what, by, now);
        sweep.Reopen(by, $"extended: {reason}", now);
        foreach (var configuration in Enumerable.Range(1, ledger.Configurations.Count))
        {
            var parameters = ledger.Configurations.ParametersOf(configuration);
            search.Add(
                configuration, parameters, seedsBefore,
                seed => $"seed {seed + 1} of configuration {configuration}, extended by {Actor.Split(by).Name}", now);
        }

        if (file is not null)
        {
            search.AddEnqueued(now);
        }

        sweep.FinishIfDone(now);
        return ledger.Sweep.Planned;
    }

    /// <summary>Has the best of a sweep that has ended run again under fresh seeds; its search stays where it ended.</summary>
    /// <exception cref="SweepRefusedException">Nothing would be added, or the sweep cannot go on.</exception>
    public void Confirm(SweepEdits edits, string by, string reason, DateTimeOffset now)
    {
        var all = ledger.Sweep.Edits.With(edits);
        if (ledger.Sweep.State != SweepState.Completed)
        {
            // Its search has more to do, and nobody asks for that.
            all = all with { RunCap = ledger.Configurations.Count };
        }

        var definition = all.ApplyTo(ledger.File);
        Refuse(edits.Problem(ledger.Configurations.Count));
        Refuse(ConfirmPlan.WhyNot(definition) is { } why ? $"the best of sweep {ledger.Sweep.Id} cannot be confirmed: {why}" : null);
        RequireGoingOn(definition, now);
        RequireFailuresLeft(definition);
        Refuse(confirmation.HasCandidates ? null : "there is nothing to confirm: no configuration has completed under every seed");
        Refuse(confirmation.Missing(definition).Count > 0 ? null
            : $"nothing would be added: the best {definition.Confirm!.Top} have run under {definition.Confirm.Seeds} fresh seeds already");
        Redefine(ledger.File, all);
        ledger.Log(new Occurrence.SweepChanged(), $"to be confirmed: {edits}: {reason}", by, now);
        sweep.Reopen(by, $"its best are confirmed: {reason}", now, searches: false);
        sweep.FinishIfDone(now);
    }

    /// <summary>Trials of one configuration, one per seed, before any that the method proposes.</summary>
    /// <param name="point">Whole and feasible.</param>
    /// <exception cref="SweepRefusedException">It is there already, or the sweep cannot go on.</exception>
    public ImmutableArray<int> Enqueue(ParameterSet point, string by, string reason, DateTimeOffset now)
    {
        if (ledger.Configurations.TrialsWith(point).ToList() is [.., var first])
        {
            var known = ledger.Trials[first];
            throw new SweepRefusedException($"trial {known.Number} has this configuration already; it is {known.State.ToName()}");
        }

        Refuse(ledger.Definition.RunCap is { } cap && ledger.Configurations.Count >= cap
            ? $"all {cap} configurations that run_cap allows are made: give the sweep a larger run_cap first"
            : null);
        RequireGoingOn(ledger.Definition, now);
        var numbers = search.AddNew(point, _ => $"enqueued by {Actor.Split(by).Name}: {reason}", now);
        Redefine(ledger.File, ledger.Sweep.Edits);
        ledger.Log(new Occurrence.SweepChanged(), $"enqueued {point} as trial {string.Join(", ", numbers)}: {reason}", by, now);
        sweep.Reopen(by, $"a configuration was enqueued: {reason}", now);
        return [.. numbers];
    }

    private void Redefine(SweepDefinition file, SweepEdits edits)
    {
        var before = ledger.Definition;
        ledger.Redefine(file, edits, sweep.PlannedWith(edits.ApplyTo(file)));
        if (ledger.Definition.Limits.Stagnation != before.Limits.Stagnation || ledger.Definition.Seeds != before.Seeds)
        {
            ledger.Stagnation.Restart();
        }

        if (ledger.Definition.Limits.ExpectedImprovement != before.Limits.ExpectedImprovement)
        {
            ledger.Improvement.Restart();
        }

        search.Reset();
    }

    private void RequireExtension(SweepDefinition extended, SweepEdits all, SweepEdits edits, bool byFile, DateTimeOffset now)
    {
        var (before, definition) = (ledger.Definition, all.ApplyTo(extended));
        Refuse(ExtensionRules.Difference(ledger.File, extended));
        Refuse(byFile && edits == SweepEdits.None ? null : edits.Problem(ledger.Configurations.Count));
        Refuse(ExtensionRules.Shrinks(before, definition, ledger.Configurations.Count));
        RequireGoingOn(definition, now);
        RequireFailuresLeft(definition);
        var planned = sweep.PlannedWith(definition);
        var isCutShort = ledger.Sweep.State.IsFinal() && !(planned <= ledger.Trials.Count && sweep.CancelledWithSweep().Count == 0);
        if (confirmation.Missing(definition).Count > 0) return;

        Refuse(ExtensionRules.AddsNothing(ledger.Sweep, before, definition, planned, ledger.Best?.Value, isCutShort));
    }

    private void RequireFailuresLeft(SweepDefinition definition)
    {
        var maxFailures = definition.Limits.MaxFailures;
        Refuse(ledger.Index.Count[TrialState.Failed] >= maxFailures
            ? $"max_failures ({maxFailures}) is reached already: give it more of that as well, or retry what has failed"
            : null);
    }

    private void RequireGoingOn(SweepDefinition definition, DateTimeOffset now)
    {
        var id = ledger.Sweep.Id;
        Refuse(ledger.Sweep.State switch
        {
            SweepState.Cancelled => $"sweep {id} was cancelled, which is for good: submit its file again as a new sweep",
            SweepState.Stopping => $"sweep {id} is stopping: ask again when its last trials have ended",
            _ => null,
        });
        RequireTimeAndRoom(definition, now);
        if (isPopulation && sweep.CancelledWithSweep() is [var first, ..])
        {
            // A copy's weights are another's; from the beginning it would be another trial.
            throw new SweepRefusedException(
                $"the population of sweep {id} ended with it, trial {first.Number} among others, and cannot be brought back: "
                + "submit its file again as a new sweep");
        }
    }

    private void RequireTimeAndRoom(SweepDefinition definition, DateTimeOffset now)
    {
        Refuse(definition.Limits.SweepTime is { } limit && ledger.Sweep.Started is { } started && now - started >= limit
            ? $"sweep_time ({limit.TotalSeconds:0.###} s) has passed since the sweep started at "
                + $"{started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: give it more time as well"
            : null);
        Refuse(slots.Reached(definition, now) is { } reached ? $"{reached} is reached already: give it more of that as well" : null);
    }

    private TrialRecord Required(int number) => ledger.Trials.GetValueOrDefault(number)
        ?? throw new SweepRefusedException($"sweep {ledger.Sweep.Id} has no trial {number}; it has {ledger.Trials.Count} so far");

    private static void Refuse(string? problem)
    {
        if (problem is not null) throw new SweepRefusedException(problem);
    }
}
