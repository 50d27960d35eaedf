using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>
/// What a sweep does next: which trial starts, whether one goes on, whether a failure is tried again, when the sweep is over.
/// A pure state machine: time is an argument, and every decision comes out as changes to be made durable (<see cref="TakeChanges"/>)
/// before anyone is told of it. Built from the definition and the stored rows alone, so it can be thrown away and rebuilt at any moment.
/// </summary>
public sealed partial class SweepSchedule
{
    /// <summary>Attempts lost in a row with their worker, without an epoch done, after which a trial is poison.</summary>
    public const int PoisonAfter = 3;

    /// <summary>For how long a trial that failed at a worker is kept for the others, before it may be tried there again.</summary>
    public static readonly TimeSpan Elsewhere = TimeSpan.FromMinutes(1);

    private const string Self = "schedule";

    private readonly IPruner? _pruner;
    private readonly SamplerEntry _method;
    private readonly TrialIndex _index;
    private readonly TrialBook _trials;                     // of the index
    private readonly ConfigurationBook _configurations;     // of the index
    private readonly ReportBook _reports;
    private readonly SearchMemory _memory;
    private readonly Dictionary<int, (long Lease, SweepId For)> _preempted = [];     // asked for their slots, for a sweep that goes first
    private readonly HashSet<int> _ahead = [];                                      // granted to wait for a slot
    private readonly List<SweepChange> _changes = [];
    private double _endedSeconds;             // of the attempts that ended since it was loaded
    private int _endedAttempts;
    private SweepDefinition _file;            // as it was written
    private SweepDefinition _definition;      // with the edits
    private ISampler _sampler;
    private Proposal? _next;
    private bool _exhausted;

    /// <param name="definition">As the stored file says; the sweep's edits are applied here.</param>
    /// <param name="trials">By number. Read once, before the reports.</param>
    /// <param name="reports">Every trial's by epoch: of all trials where the schedule <see cref="LooksBack"/>, else at least of those that have not ended or failed.</param>
    public SweepSchedule(
        SweepDefinition definition,
        ISampler sampler,
        IPruner? pruner,
        SweepRecord sweep,
        IEnumerable<TrialRecord> trials,
        IEnumerable<(int Trial, EpochReport Report)> reports)
    {
        _file = definition;
        _definition = sweep.Edits.ApplyTo(definition);
        _method = SamplerCatalog.Find(definition.Method)!;
        _sampler = sampler;
        _pruner = pruner;
        _index = new TrialIndex(packs: !LooksBack(definition, pruner));
        (_trials, _configurations) = (_index.Trials, _index.Configurations);
        _reports = new ReportBook(definition.Metric, keepsCurves: pruner is not null);
        _memory = new SearchMemory(definition, _method, _index, _reports);
        Sweep = sweep;
        foreach (var trial in trials)
        {
            Index(trial);
        }

        foreach (var (trial, report) in reports)
        {
            _reports.Add(_trials[trial], report);
            if (report.Epoch == _trials[trial].ValueEpoch)
            {
                _memory.RememberBest(trial, report);
            }
        }

        _memory.Loaded();
    }

    /// <summary>Whether what ended trials reported decides about later ones. Where it does not, they are kept packed, and their reports not at all.</summary>
    public static bool LooksBack(SweepDefinition definition, IPruner? pruner) => pruner is not null || SamplerCatalog.Find(definition.Method)!.IsAdaptive;

    public SweepRecord Sweep { get; private set; }

    public IReadOnlyDictionary<int, TrialRecord> Trials => _trials;

    public IReadOnlyDictionary<TrialState, int> CountByState => _index.Count;

    /// <summary>Trials that hold a slot.</summary>
    public IEnumerable<TrialRecord> Active => _index.Active.Select(number => _trials[number]);

    /// <summary>Those of <see cref="Active"/> that one start of a worker holds.</summary>
    public IEnumerable<TrialRecord> ActiveAt(string incarnation) => _index.ActiveAt(incarnation).Select(number => _trials[number]);

    /// <summary>What the sweep asks for now: the file's content and the edits.</summary>
    public SweepDefinition Definition => _definition;

    public Fit Fit => Fit.Of(_definition, Sweep.Edits);

    /// <summary>Whether trials may wait at a worker for a slot: not where the next one depends on results, or where few may run.</summary>
    public bool MayWorkAhead => _definition.Limits.MaxParallel is null && _pruner is null && !_method.IsAdaptive;

    /// <summary>The earliest end of a back-off, when nothing is queued but trials that wait for theirs.</summary>
    public DateTimeOffset? WaitsUntil(DateTimeOffset now) =>
        _index.Queued.Count > 0 && NextQueued(now) is null && !HasMore ? _index.Queued.Min(number => _trials[number].NotBefore) : null;

    /// <summary>The completed or running trial with the best value so far.</summary>
    public TrialRecord? Best { get; private set; }

    /// <summary>Whether <see cref="TakeChanges"/> has something to give.</summary>
    public bool HasChanges => _changes.Count > 0;

    /// <summary>The changes since the last call, in order, what a later one replaces left out. They belong together: all or none.</summary>
    public ImmutableArray<SweepChange> TakeChanges()
    {
        var changes = CoalescedChanges.Of(_changes);
        _changes.Clear();
        return changes;
    }

    /// <summary>Whether this lease is the trial's newest and its holder is to go on: with the trial, or with giving back the slot of one that was told to pause.</summary>
    public bool Holds(int number, long lease) =>
        _trials.TryGetValue(number, out var trial) && trial.Lease == lease && (trial.State.IsActive() || trial.State == TrialState.Paused);

    /// <summary>Takes in what a holder tells. A word from a stale lease changes nothing and is answered with <see cref="Answer.Fenced"/>; one heard before is answered again.</summary>
    public Answer Apply(int number, long lease, AttemptEvent told, DateTimeOffset now)
    {
        if (!_trials.TryGetValue(number, out var trial) || trial.Lease != lease)
        {
            return Answer.Fenced;
        }

        if (trial.State == TrialState.Leased && told is (AttemptEvent.Reported or AttemptEvent.Checkpointed or AttemptEvent.Described or AttemptEvent.Completed))
        {
            // A runner need not say that it has started; what it does shows it.
            Start(trial, trial.Device!, now);
            trial = _trials[number];
        }

        return told switch
        {
            AttemptEvent.Reported(var report, var checkpoint) => Report(trial, report, checkpoint, now),
            AttemptEvent.Checkpointed(var checkpoint) => Checkpoint(trial, checkpoint, now),
            _ when !trial.State.IsActive() => Answer.Noted,
            AttemptEvent.Started(var device) => Start(trial, device, now),
            AttemptEvent.Described(var facts) => Describe(trial, facts),
            AttemptEvent.Completed(var loss, var accuracy) => Complete(trial, loss, accuracy, now),
            AttemptEvent.Stopped => Fail(trial, FailureCause.Crashed, "the runner stopped unasked", now),
            AttemptEvent.Released(var reason) => Release(trial, reason, now),
            AttemptEvent.Failed(var cause, var message) => Fail(trial, cause, message, now),
            AttemptEvent.Killed(var message) => Requeue(trial, TransitionCause.Killed, message, now),
            AttemptEvent.CheckpointLost(var checkpoint, var reason) => LoseCheckpoint(trial, checkpoint, reason, now),
            _ => throw new InvalidOperationException($"unknown event {told.GetType().Name}"),
        };
    }

    /// <summary>A lease ended without a word. The trial goes back to the queue, or fails as poison.</summary>
    public void Lose(int number, long lease, LeaseLoss loss, DateTimeOffset now)
    {
        if (!Holds(number, lease) || _trials[number].State == TrialState.Paused)
        {
            return;
        }

        var trial = _trials[number];
        if (loss == LeaseLoss.HeadRestarted)
        {
            Requeue(trial, TransitionCause.HeadRestarted, $"{trial.Worker} went down together with the head", now);
            return;
        }

        if (trial.State == TrialState.Leased && _ahead.Contains(number))
        {
            Requeue(trial, TransitionCause.WorkerLost, $"lost with {trial.Worker}, where it waited for a slot", now);
            return;
        }

        var losses = trial.LossesInARow + 1;
        if (losses >= PoisonAfter)
        {
            var why = $"{losses} attempts in a row took their worker down before an epoch was done";
            End(trial, TrialState.Failed, TransitionCause.Failed, why, now, trial => trial with
            {
                Cause = FailureCause.Poison,
                LossesInARow = losses,
                Message = $"lost with its worker {losses} times in a row, last on {trial.Worker}",
            }, FailureCause.Poison);
            return;
        }

        Requeue(trial, TransitionCause.WorkerLost, $"lost with {trial.Worker}", now, losses);
    }

    /// <summary>Lets limits act; cheap, to be called about once a second.</summary>
    public void Tick(DateTimeOffset now)
    {
        if (!Sweep.State.IsFinal() && Reached(_definition, now) is { } reached)
        {
            Stop(Self, $"{reached} reached", now);
        }

        if (_definition.Limits.SweepTime is { } limit && Sweep.Started is { } started && !Sweep.State.IsFinal() && now - started >= limit)
        {
            Stop(Self, $"sweep_time ({limit.TotalSeconds:0.###} s) reached", now);
        }
    }

    public void Pause(string by, string reason, DateTimeOffset now)
    {
        if (Sweep.State.IsOpen())
        {
            Move(SweepState.Paused, reason, now, by);
        }
    }

    public void Resume(string by, string reason, DateTimeOffset now)
    {
        if (Sweep.State == SweepState.Paused)
        {
            Move(SweepState.Running, reason, now, by);
        }
    }

    /// <summary>No new trials; those that run end by themselves.</summary>
    public void Stop(string by, string reason, DateTimeOffset now)
    {
        if (Sweep.State.IsFinal() || Sweep.State == SweepState.Stopping)
        {
            return;
        }

        foreach (var trial in Waiting())
        {
            EndWithSweep(trial, reason, by, now);
        }

        if (_index.Active.Count == 0)
        {
            Finish(SweepState.Stopped, reason, now, by);
            return;
        }

        if (Sweep.State == SweepState.Queued)
        {
            Move(SweepState.Running, reason, now, by);
        }

        Move(SweepState.Stopping, reason, now, by);
    }

    /// <summary>Ends everything at once; holders of leases learn it at their next exchange.</summary>
    public void Cancel(string by, string reason, DateTimeOffset now)
    {
        if (!Sweep.State.IsFinal())
        {
            EndAll(reason, SweepState.Cancelled, now, by);
        }
    }

    private void Index(TrialRecord trial)
    {
        _index.Put(trial);
        if (trial.Value is { } value && (Best?.Value is not { } best || _definition.Metric.IsBetter(value, best) || Best.Number == trial.Number))
        {
            Best = trial;
        }

        _memory.Put(trial);
    }
}
