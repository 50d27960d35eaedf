using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Scheduling;

/// <summary>What a sweep does next: which trial starts, whether one goes on, whether a failure is tried again, when the sweep is over. A
/// pure state machine: time is an argument, and every decision comes out as changes to be made durable (<see cref="TakeChanges"/>) before
/// anyone is told of it. Built from the definition and the stored rows alone, so it can be thrown away and rebuilt at any moment.</summary>
public sealed class SweepSchedule
{
    /// <summary>Attempts lost in a row with their worker, without an epoch done, after which a trial is poison.</summary>
    public const int PoisonAfter = 3;

    private readonly SweepLedger _ledger;
    private readonly SlotAccounting _slots;
    private readonly TrialStateMachine _machine;
    private readonly TrialQueue _queue;
    private readonly SearchDriver _search;
    private readonly RungGate _rungs;
    private readonly SweepLifecycle _sweep;
    private readonly AttemptHandler _attempts;
    private readonly SweepControl _control;
    private readonly bool _comparesTrials;

    /// <param name="definition">As the stored file says; the sweep's edits are applied here.</param>
    /// <param name="trials">By number. Read once, before the reports.</param>
    /// <param name="reports">Every trial's by epoch: of all trials where the schedule <see cref="LooksBack"/>, else at least of those that
    /// have not ended or failed. Without those that no longer count.</param>
    /// <param name="copy">Gives a trial the checkpoint of another one; null where there are no files.</param>
    public SweepSchedule(
        SweepDefinition definition, ISampler sampler, IPruner? pruner, SweepRecord sweep, IEnumerable<TrialRecord> trials,
        IEnumerable<(int Trial, EpochReport Report)> reports, CopyCheckpoint? copy = null)
    {
        _comparesTrials = LooksBack(definition, pruner);
        _ledger = new SweepLedger(definition, pruner, sweep, trials, reports);
        _slots = new SlotAccounting(_ledger);
        _machine = new TrialStateMachine(_ledger, _slots);
        _queue = new TrialQueue(_ledger);
        _search = new SearchDriver(_ledger, sampler);
        var checkpoints = new CheckpointRules(_ledger);
        _rungs = new RungGate(_ledger, _machine, _search, checkpoints, pruner, copy ?? ((_, _, _) => null));
        var confirmation = new ConfirmationStage(_ledger);
        _sweep = new SweepLifecycle(_ledger, _machine, _slots, _search, _rungs, checkpoints, confirmation);
        var told = new ReportHandler(_ledger, _machine, _rungs, checkpoints, _sweep);
        _attempts = new AttemptHandler(_ledger, _machine, _slots, told, checkpoints, _sweep);
        _control = new SweepControl(_ledger, _machine, _slots, _search, checkpoints, _sweep, confirmation, pruner is PopulationPromoter);
    }

    /// <summary>Whether the reports of ended trials decide about later ones. Where they do not, ended trials are kept packed and without
    /// reports.</summary>
    public static bool LooksBack(SweepDefinition definition, IPruner? pruner) =>
        pruner is not null || SamplerCatalog.Find(definition.Method)!.IsAdaptive
            || (definition.Limits.Stagnation is not null && definition.Metrics.Length > 1);

    /// <summary>As it is to be stored.</summary>
    public SweepRecord Sweep => _ledger.Sweep;

    /// <summary>By number, as they are to be stored.</summary>
    public IReadOnlyDictionary<int, TrialRecord> Trials => _ledger.Trials;

    /// <summary>How many trials are in each state.</summary>
    public IReadOnlyDictionary<TrialState, int> CountByState => _ledger.Index.Count;

    /// <summary>Trials that hold a slot, or wait at a worker for one.</summary>
    public IEnumerable<TrialRecord> Active => _ledger.Active;

    /// <summary>Those of <see cref="Active"/> that one incarnation of a worker holds.</summary>
    public IEnumerable<TrialRecord> ActiveAt(string incarnation) =>
        _ledger.Index.ActiveAt(incarnation).Select(number => _ledger.Trials[number]);

    /// <summary>What the sweep asks for now: the file's content and the edits.</summary>
    public SweepDefinition Definition => _ledger.Definition;

    /// <summary>Which workers may run its trials.</summary>
    public PlacementConstraint PlacementConstraint => PlacementConstraint.Of(Definition, Sweep.Edits);

    /// <summary>Whether trials may wait at a worker for a slot: not where the next one depends on results, or where few may run.</summary>
    public bool MayWorkAhead => Definition.Limits.MaxParallel is null && !_comparesTrials;

    /// <summary>The earliest end of a back-off, when nothing is queued but trials that wait for theirs.</summary>
    public DateTimeOffset? WaitsUntil(DateTimeOffset now) => _queue.Next(now) is null && !_search.HasMore ? _queue.FirstDue : null;

    /// <summary>The trial that has reported the best value so far, by which a target is reached. What ranks is the leaderboard's
    /// matter.</summary>
    public TrialRecord? Best => _ledger.Best;

    /// <summary>Whether <see cref="TakeChanges"/> has something to give.</summary>
    public bool HasChanges => _ledger.HasChanges;

    /// <summary>The changes since the last call, in order, without those that a later one replaces. They belong together: all or
    /// none.</summary>
    public ImmutableArray<SweepChange> TakeChanges() => _ledger.TakeChanges();

    /// <summary>Whether this lease is the trial's newest and its holder is to go on: with the trial, or with giving back the slot of one
    /// that was told to pause.</summary>
    public bool Holds(int number, long lease) =>
        _ledger.Trials.TryGetValue(number, out var trial) && trial.Lease == lease
        && (trial.State.IsActive() || trial.State == TrialState.Paused);

    /// <summary>The next trial for <paramref name="holder"/>, or null when there is nothing to start now.</summary>
    /// <param name="ahead">It will wait for a slot there: until it has started, it cannot be what takes its worker down.</param>
    /// <param name="hasOthers">Whether another worker is ready: a retry of what failed at this one then goes there, to tell the trial's
    /// fault from the worker's.</param>
    public TrialGrant? Grant(LeaseHolder holder, DateTimeOffset now, bool ahead = false, bool hasOthers = false)
    {
        Tick(now);
        if (!Sweep.State.IsOpen() || Definition.Limits.MaxParallel <= _ledger.Index.Active.Count) return null;

        var avoided = hasOthers ? holder.Worker : null;
        if ((Next(now, avoided) ?? AfterSearch(now, avoided)) is not { } number) return null;

        if (Sweep.State == SweepState.Queued)
        {
            _sweep.Move(SweepState.Running, SweepCause.Begun, "its trials run", now);
        }

        _slots.Grant(number, ahead);
        _slots.HasOthers = hasOthers;
        var why = new Transition(TransitionCause.Granted, $"granted to {holder.Worker}", holder.Worker, now);
        return GrantOf(_machine.Move(_ledger.Trials[number], TrialState.Leased, why, trial => trial with
        {
            Lease = trial.Lease + 1,
            Attempts = trial.Attempts + 1,
            Cause = null,
            Message = null,
            NotBefore = null,
            Worker = holder.Worker,
            Incarnation = holder.Incarnation,
            Device = holder.Device,
            LeaseLife = holder.LeaseLife,
            Granted = now,
            ResumeEpoch = ResumeEpochOf(trial, holder),
        }));
    }

    /// <summary>Begins to compute what <see cref="Grant"/> would have to compute; until that is taken in it grants nothing new.</summary>
    /// <inheritdoc cref="SearchDriver.Begin" path="/returns"/>
    /// <inheritdoc cref="Grant" path="/param"/>
    public Func<Action>? BeginSearch(LeaseHolder holder, DateTimeOffset now, bool hasOthers)
    {
        var needsOne = _search.Computes && Sweep.State.IsOpen() && !(Definition.Limits.MaxParallel <= _ledger.Index.Active.Count)
            && _queue.Next(now, hasOthers ? holder.Worker : null) is null && _rungs.Promotions().Count == 0;
        return needsOne ? _search.Begin() : null;
    }

    /// <summary>The grant of a trial that is leased or running, for a holder that never received it.</summary>
    public TrialGrant GrantAgain(int number) => GrantOf(_ledger.Trials[number]);

    /// <summary>How many trials could start now; without those that failed a moment ago and are kept for another worker, for which nobody
    /// is to make room.</summary>
    /// <param name="max">To count to.</param>
    public int Startable(int max, DateTimeOffset now)
    {
        if (!Sweep.State.IsOpen()) return 0;

        var room = Math.Clamp((Definition.Limits.MaxParallel ?? int.MaxValue) - _ledger.Index.Active.Count, 0, max);
        var ready = _queue.CountDue(room, now) + _rungs.Promotions().Count;
        if (ready < room && _search.HasMore)
        {
            ready = (int)Math.Min(room, ready + Math.Max(1, (Sweep.Planned ?? int.MaxValue) - _ledger.Trials.Count));
        }

        return Math.Min(room, ready);
    }

    /// <inheritdoc cref="AttemptHandler.Apply"/>
    public Answer Apply(int number, long lease, AttemptEvent happened, DateTimeOffset now) => _attempts.Apply(number, lease, happened, now);

    /// <inheritdoc cref="AttemptHandler.Tell"/>
    public Answer Tell(
        int number, long lease, int? epoch, ImmutableSortedDictionary<string, double>? metrics, AttemptEvent? end, DateTimeOffset now) =>
        _attempts.Tell(number, lease, epoch, metrics, end, now);

    /// <summary>A lease ended without a word. The trial goes back to the queue, or fails as poison.</summary>
    public void Lose(int number, long lease, LeaseLoss loss, DateTimeOffset now)
    {
        if (Holds(number, lease) && _ledger.Trials[number] is { State: not TrialState.Paused } trial)
        {
            _attempts.Lose(trial, loss, now);
        }
    }

    /// <summary>Seconds of slots that its attempts have had up to now.</summary>
    public double SlotSeconds(DateTimeOffset now) => _slots.Seconds(now);

    /// <summary>What the sweep has had of the slots, for the fair share.</summary>
    public SlotUse UseOfSlots(DateTimeOffset now) => _slots.Use(now);

    /// <summary>Asks for the slot of a running trial, which goes on later from a checkpoint: a sweep of higher priority waits for
    /// it.</summary>
    public void TakeBack(int number, long lease, SweepId @for) => _slots.TakeBack(number, lease, @for);

    /// <summary>The sweep for which the attempt under this lease gives its slot back; null for all others.</summary>
    public SweepId? PreemptedBy(int number, long lease) => _slots.PreemptedBy(number, lease);

    /// <summary>Lets limits act; cheap, to be called about once a second.</summary>
    public void Tick(DateTimeOffset now) => _sweep.Tick(now);

    /// <summary>No new trials until it is resumed; those that run go on.</summary>
    public void Pause(string by, string reason, DateTimeOffset now)
    {
        if (Sweep.State.IsOpen())
        {
            _sweep.Move(SweepState.Paused, SweepCause.Asked, reason, now, by);
        }
    }

    /// <summary>Takes back a pause.</summary>
    public void Resume(string by, string reason, DateTimeOffset now)
    {
        if (Sweep.State == SweepState.Paused)
        {
            _sweep.Move(SweepState.Running, SweepCause.Asked, reason, now, by);
        }
    }

    /// <summary>No new trials; those that run end by themselves.</summary>
    public void Stop(string by, string reason, DateTimeOffset now) => _sweep.Stop(SweepCause.Asked, by, reason, now);

    /// <summary>Ends everything at once; holders of leases learn it at their next exchange.</summary>
    public void Cancel(string by, string reason, DateTimeOffset now)
    {
        if (!Sweep.State.IsFinal())
        {
            _sweep.EndAll(SweepState.Cancelled, SweepCause.Asked, by, reason, now);
        }
    }

    /// <summary>Ends the sweep and everything in it as failed: what decides for it cannot.</summary>
    public void Fail(SweepCause cause, string reason, DateTimeOffset now)
    {
        if (!Sweep.State.IsFinal())
        {
            _sweep.EndAll(SweepState.Failed, cause, SweepLedger.Schedule, reason, now);
        }
    }

    /// <inheritdoc cref="SweepControl.CancelTrial"/>
    public void CancelTrial(int number, string by, string reason, DateTimeOffset now) => _control.CancelTrial(number, by, reason, now);

    /// <inheritdoc cref="SweepControl.Retry"/>
    public int Retry(IReadOnlyCollection<int> numbers, FailureCause? cause, string by, string reason, DateTimeOffset now) =>
        _control.Retry(numbers, cause, by, reason, now);

    /// <summary>Edits the sweep while it lives and is asked for no more trials; extends it otherwise.</summary>
    /// <param name="datasets">Digests of the file's datasets; those that the sweep began with stand.</param>
    /// <returns>Whether it was extended, and the trials that it will have in all, when that is known.</returns>
    /// <inheritdoc cref="SweepControl.Extend" path="/param|/exception"/>
    public (bool Extended, long? Planned) Change(
        (SweepDefinition Definition, ISampler Sampler)? file, SweepEdits edits, ImmutableSortedDictionary<string, string> datasets,
        string by, string reason, DateTimeOffset now)
    {
        var extends = file is not null || edits.Seeds is not null || Sweep.State.IsFinal();
        if (file is null && edits.AsksForConfirmation() && Sweep.State.IsFinal())
        {
            _control.Confirm(edits, by, reason, now);
        }
        else if (extends)
        {
            Extend(file, edits, datasets.SetItems(Sweep.DatasetDigests), by, reason, now);
        }
        else
        {
            Edit(edits, by, reason, now);
        }

        return (extends, Sweep.Planned);
    }

    /// <inheritdoc cref="SweepControl.Edit"/>
    public void Edit(SweepEdits edits, string by, string reason, DateTimeOffset now) => _control.Edit(edits, by, reason, now);

    /// <inheritdoc cref="SweepControl.Extend"/>
    public long? Extend(
        (SweepDefinition Definition, ISampler Sampler)? file,
        SweepEdits edits,
        ImmutableSortedDictionary<string, string> datasets,
        string by,
        string reason,
        DateTimeOffset now) => _control.Extend(file, edits, datasets, by, reason, now);

    /// <inheritdoc cref="SweepControl.Enqueue"/>
    public ImmutableArray<int> Enqueue(ParameterSet point, string by, string reason, DateTimeOffset now) =>
        _control.Enqueue(point, by, reason, now);

    /// <summary>With a promoter, trials that lost their slot come before those that wait at rungs, and these before new ones.</summary>
    private int? Next(DateTimeOffset now, string? avoided) =>
        (_rungs.IsPromoter ? _queue.Next(now, avoided, begunOnly: true) : null)
        ?? _rungs.Promote(now)
        ?? _queue.Next(now, avoided)
        ?? _search.Propose(now);

    /// <summary>Where nothing is left the sweep ends, or goes on with confirming its best.</summary>
    private int? AfterSearch(DateTimeOffset now, string? avoided)
    {
        _sweep.FinishIfDone(now);
        return Sweep.State.IsOpen() ? _queue.Next(now, avoided) : null;
    }

    /// <summary>The epoch after which the next attempt goes on. A client keeps the state of a trial that was given back or paused in good
    /// order; of every other one only its checkpoint is left.</summary>
    private static int ResumeEpochOf(TrialRecord trial, LeaseHolder holder) =>
        holder.LeaseLife is not null && trial.LeaseLife is not null
            && trial.StateCause is TransitionCause.Released or TransitionCause.Preempted or TransitionCause.Promoted
            ? trial.Epoch
            : trial.Checkpoint?.Epoch ?? 0;

    private TrialGrant GrantOf(TrialRecord trial) => new()
    {
        Trial = new TrialId(Sweep.Id, trial.Number),
        Lease = trial.Lease,
        Attempt = trial.Attempts,
        Program = Definition.Program,
        Command = Definition.Command,
        ProgramSettings = Definition.ProgramSettings,
        Parameters = trial.Parameters,
        Seed = trial.Seed,
        Metric = Definition.Metric.Name,
        Metrics = Definition.MetricIsAssumed ? [] : [.. Definition.Metrics.Select(metric => metric.Name)],
        Maximize = Definition.Metric.Maximize,
        Rungs = [.. _rungs.RungsOf(trial)],
        Resume = trial.Checkpoint,
        // Who pauses goes on from there, not from some epochs before.
        CheckpointEvery = _rungs.IsPromoter ? 1 : Definition.Checkpoint.Every,
        Threads = Definition.Resources.Threads,
        Gpus = Definition.Resources.Gpus ?? 1,
        TrialTime = Definition.Limits.TrialTime,
        Grace = Definition.Limits.Grace,
        DatasetDigests = Sweep.DatasetDigests,
        Alone = trial.Alone,
        GpuMemory = Definition.Resources.GpuMemory,
    };
}
