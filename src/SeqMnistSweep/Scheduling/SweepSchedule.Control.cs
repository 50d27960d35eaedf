using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>
/// What a user may ask of a sweep that lives or has ended. Every refusal is thrown before anything is changed, so the schedule stays
/// good after one.
/// </content>
public sealed partial class SweepSchedule
{
    /// <summary>Ends one trial now.</summary>
    /// <exception cref="SweepRefusedException">There is no such trial, or it has ended.</exception>
    public void CancelTrial(int number, string by, string reason, DateTimeOffset now)
    {
        var trial = Required(number);
        if (trial.State.IsFinal())
        {
            throw new SweepRefusedException($"trial {number} has ended already: it is {trial.State.ToName()}");
        }

        Move(trial, TrialState.Cancelled, TransitionCause.Cancelled, reason, by, now, trial => trial with
        {
            Message = $"cancelled by {by}: {reason}",
            Finished = now,
        });
        DropCheckpoints(trial);
        _reports.End(_trials[number]);
        FinishIfDone(now);
    }

    /// <summary>Queues failed trials again, as if they had never failed but for their epochs and checkpoints.</summary>
    /// <param name="numbers">Empty for every failed one.</param>
    /// <param name="cause">Only those that failed so.</param>
    /// <returns>How many.</returns>
    /// <exception cref="SweepRefusedException">None is there to be retried, or the sweep cannot go on.</exception>
    public int Retry(IReadOnlyCollection<int> numbers, FailureCause? cause, string by, string reason, DateTimeOffset now)
    {
        var named = numbers.Distinct().Order().Select(Required).ToList();
        if (named.Find(trial => trial.State != TrialState.Failed) is { } other)
        {
            throw new SweepRefusedException($"trial {other.Number} is {other.State.ToName()}: only a failed trial can be tried again");
        }

        var failed = (named.Count > 0 ? named : _index.Failed.Select(number => _trials[number]).ToList())
            .Where(trial => cause is null || trial.Cause == cause).ToList();
        if (failed.Count == 0)
        {
            throw new SweepRefusedException($"no trial of sweep {Sweep.Id} has failed{(cause is { } sought ? $" by {sought.ToName()}" : "")}");
        }

        RequireGoingOn(_definition, now);
        Reopen(by, $"{failed.Count} failed trial(s) are tried again: {reason}", now);
        foreach (var trial in failed)
        {
            Move(
                trial,
                TrialState.Queued,
                TransitionCause.Retried,
                reason,
                by,
                now,
                trial => trial with { Failures = 0, LossesInARow = 0, NotBefore = null, Finished = null });
        }

        return failed.Count;
    }

    /// <summary>Changes what may change while a sweep lives; counts at once.</summary>
    /// <exception cref="SweepRefusedException">The sweep has ended, or a value makes no sense.</exception>
    public void Edit(SweepEdits edits, string by, string reason, DateTimeOffset now)
    {
        if (Sweep.State.IsFinal() || Sweep.State == SweepState.Stopping)
        {
            throw new SweepRefusedException($"sweep {Sweep.Id} is {Sweep.State.ToName()}: there is nothing left that an edit could change");
        }

        if (edits.Seeds is not null)
        {
            throw new SweepRefusedException("more seeds are more trials: extend the sweep instead of editing it");
        }

        Refuse(EditRules.Problem(edits, _configurations.Count));
        var all = Sweep.Edits.With(edits);
        var definition = all.ApplyTo(_file);
        RequireTime(definition, now);
        RequireRoom(definition, now);
        Apply(_file, all);
        Log(new Occurrence.SweepChanged(), $"edited: {edits}: {reason}", by, now);
        EnforceMaxFailures(now);
        FinishIfDone(now);
    }

    /// <summary>More of the same: runs exactly what is missing, which is also what a limit that is now larger had left undone.</summary>
    /// <param name="file">Takes the place of the stored file; null keeps that. With the sampler that it asks for.</param>
    /// <param name="datasets">Digests of every dataset that the trials will train on.</param>
    /// <returns>Trials that the sweep will have in all, when that is known.</returns>
    /// <exception cref="SweepRefusedException">Nothing would be added, or the file is another sweep.</exception>
    public long? Extend(
        (SweepDefinition Definition, ISampler Sampler)? file,
        SweepEdits edits,
        ImmutableSortedDictionary<string, string> datasets,
        string by,
        string reason,
        DateTimeOffset now)
    {
        var extended = file?.Definition ?? _file;
        Refuse(ExtensionRules.Difference(_file, extended));
        Refuse(file is not null && edits == SweepEdits.None ? null : EditRules.Problem(edits, _configurations.Count));

        // A file that is given says itself how much; older edits of that would hide it.
        var all = (file is null ? Sweep.Edits : Sweep.Edits with { RunCap = null, Seeds = null, MaxFailures = null, SweepTime = null, Epochs = null, SlotHours = null }).With(edits);
        var definition = all.ApplyTo(extended);
        Refuse(ExtensionRules.Shrinks(_definition, definition, _configurations.Count));
        RequireGoingOn(definition, now);
        RequireFewFailures(definition);
        var planned = PlannedWith(definition);
        Refuse(ExtensionRules.AddsNothing(Sweep, _definition, definition, planned, Best?.Value, isCutShort: Sweep.State.IsFinal() && !(planned <= _trials.Count && EndedWithSweep().Count == 0)));

        var seedsBefore = _definition.Seeds.Count;
        Sweep = Sweep with { DatasetDigests = datasets };
        Adopt(file);
        Apply(extended, all);
        var extension = $"extended{(edits == SweepEdits.None ? "" : $": {edits}")}{(file is null ? "" : " by a new file")}: {reason}";
        Log(new Occurrence.SweepChanged(), extension, by, now);
        Reopen(by, $"extended: {reason}", now);
        foreach (var configuration in Enumerable.Range(1, _configurations.Count))
        {
            Add(configuration, _configurations.ParametersOf(configuration), seedsBefore, seed => $"seed {seed + 1} of configuration {configuration}, extended by {by}", now);
        }

        if (file is not null)
        {
            AddEnqueued(now);
        }

        FinishIfDone(now);
        return Sweep.Planned;
    }

    /// <summary>Trials of one configuration, one per seed, before any that the method proposes.</summary>
    /// <param name="point">Whole and feasible.</param>
    /// <exception cref="SweepRefusedException">It is there already, or the sweep cannot go on.</exception>
    public ImmutableArray<int> Enqueue(ParameterSet point, string by, string reason, DateTimeOffset now)
    {
        if (_configurations.TrialsWith(point).ToList() is [.., var first])
        {
            var known = _trials[first];
            throw new SweepRefusedException($"trial {known.Number} has this configuration already; it is {known.State.ToName()}");
        }

        if (_definition.RunCap is { } cap && _configurations.Count >= cap)
        {
            throw new SweepRefusedException($"all {cap} configurations that run_cap allows are made: give the sweep a larger run_cap first");
        }

        RequireGoingOn(_definition, now);
        var numbers = Add(_configurations.Count + 1, point, 0, _ => $"enqueued by {by}: {reason}", now);
        Apply(_file, Sweep.Edits);
        Log(new Occurrence.SweepChanged(), $"enqueued {point} as trial {string.Join(", ", numbers)}: {reason}", by, now);
        Reopen(by, $"a configuration was enqueued: {reason}", now);
        return [.. numbers];
    }

    /// <summary>Brings the cursor to where the new file's sampler goes on: a draw keeps its number, a grid begins anew and passes over what is made.</summary>
    private void Adopt((SweepDefinition Definition, ISampler Sampler)? file)
    {
        if (file is { } given)
        {
            var drawn = _method.IsFinite ? 0 : Math.Max(0, Sweep.Cursor - _file.Enqueue.Length);
            Sweep = Sweep with { Source = given.Definition.Source, Digest = given.Definition.Digest, Cursor = given.Definition.Enqueue.Length + drawn };
            _sampler = given.Sampler;
        }
    }

    /// <summary>What the cursor has passed by: points that the file enqueues and that have no trials yet.</summary>
    private void AddEnqueued(DateTimeOffset now)
    {
        foreach (var point in _file.Enqueue.Where(point => !_configurations.TrialsWith(point).Any() && !(_definition.RunCap <= _configurations.Count)))
        {
            Add(_configurations.Count + 1, point, 0, _ => EnqueuedSampler.Origin, now);
        }
    }

    private void Apply(SweepDefinition file, SweepEdits edits)
    {
        _file = file;
        _definition = edits.ApplyTo(file);
        _next = null;
        _exhausted = false;
        Sweep = Sweep with
        {
            Edits = edits,
            Priority = _definition.Priority,
            Weight = _definition.Weight,
            Planned = PlannedWith(_definition),
            Infeasible = _method.IsFinite ? SweepPlan.InfeasiblePoints(_definition) : Sweep.Infeasible,
        };
        _changes.Add(new SweepChange.SweepUpdated(Sweep));
    }

    private TrialRecord Required(int number) =>
        _trials.GetValueOrDefault(number) ?? throw new SweepRefusedException($"sweep {Sweep.Id} has no trial {number}; it has {_trials.Count} so far");

    private static void Refuse(string? problem)
    {
        if (problem is not null)
        {
            throw new SweepRefusedException(problem);
        }
    }
}
