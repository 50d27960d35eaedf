using System.Collections.Immutable;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
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

    /// <summary>A report of a later epoch is no report.</summary>
    public const int MaxEpoch = 100_000;

    /// <summary>The kind of the event that keeps what an adaptive sampler knew when it proposed a trial; its reason is a <see cref="SearchHistory.Mark"/>.</summary>
    public const string ProposedEvent = "proposed";

    /// <summary>For how long a trial that failed at a worker is kept for the others, before it may be tried there again.</summary>
    public static readonly TimeSpan Elsewhere = TimeSpan.FromMinutes(1);

    private const string Self = "schedule";

    private readonly IPruner? _pruner;
    private readonly SamplerEntry _method;
    private readonly TrialBook _trials;
    private readonly Dictionary<int, SortedList<int, EpochReport>> _reports = [];   // of trials that may report again
    private readonly Dictionary<int, List<double>> _curves = [];                    // of all
    private readonly SortedSet<int> _queued = [];
    private readonly HashSet<int> _active = [];
    private readonly SortedSet<int> _failed = [];
    private readonly Dictionary<int, (long Lease, string Reason)> _givesBack = [];   // asked for their slots, for a sweep that goes first
    private readonly HashSet<int> _ahead = [];                                      // granted to wait for a slot
    private readonly Dictionary<string, HashSet<int>> _activeAt = [];               // by incarnation of the worker
    private readonly ConfigurationBook _configurations;
    private readonly Dictionary<int, List<int>> _trialsOf = [];                     // of an adaptive method: the trials of a configuration
    private readonly SearchHistory _history = new();                                // of an adaptive method
    private readonly Dictionary<int, ImmutableArray<double>> _compromises = [];     // of a method for several metrics
    private readonly Dictionary<TrialState, int> _count = Enum.GetValues<TrialState>().ToDictionary(state => state, _ => 0);
    private readonly List<SweepChange> _changes = [];
    private long _epochs;                     // reported, of all trials
    private double _endedSeconds;             // of the attempts that ended since it was loaded
    private int _endedAttempts;
    private SweepDefinition _file;            // as it was written
    private SweepDefinition _definition;      // with the edits
    private ISampler _sampler;
    private Proposal? _next;
    private bool _exhausted;
    private readonly bool _isLoaded;          // before, the history waits for the reports

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
        _trials = new TrialBook(packs: !LooksBack(definition, pruner));
        _configurations = new ConfigurationBook(_trials);
        Sweep = sweep;
        foreach (var trial in trials)
        {
            Index(trial);
        }

        foreach (var (trial, report) in reports)
        {
            Remember(_trials[trial], report);
            if (report.Epoch == _trials[trial].ValueEpoch)
            {
                RememberCompromise(trial, report);
            }
        }

        _isLoaded = true;
        foreach (var configuration in _trialsOf.Keys.Order())
        {
            Observe(configuration);
        }
    }

    /// <summary>Whether what ended trials reported decides about later ones. Where it does not, they are kept packed, and their reports not at all.</summary>
    public static bool LooksBack(SweepDefinition definition, IPruner? pruner) => pruner is not null || SamplerCatalog.Find(definition.Method)!.IsAdaptive;

    public SweepRecord Sweep { get; private set; }

    public IReadOnlyDictionary<int, TrialRecord> Trials => _trials;

    public IReadOnlyDictionary<TrialState, int> CountByState => _count;

    /// <summary>Trials that hold a slot.</summary>
    public IEnumerable<TrialRecord> Active => _active.Select(number => _trials[number]);

    /// <summary>Those of <see cref="Active"/> that one start of a worker holds.</summary>
    public IEnumerable<TrialRecord> ActiveAt(string incarnation) =>
        _activeAt.TryGetValue(incarnation, out var numbers) ? numbers.Select(number => _trials[number]) : [];

    /// <summary>What the sweep asks for now: the file's content and the edits.</summary>
    public SweepDefinition Definition => _definition;

    public Fit Fit => Fit.Of(_definition, Sweep.Edits);

    /// <summary>Whether trials may wait at a worker for a slot: not where the next one depends on results, or where few may run.</summary>
    public bool MayWorkAhead => _definition.Limits.MaxParallel is null && _pruner is null && !_method.IsAdaptive;

    /// <summary>The earliest end of a back-off, when nothing is queued but trials that wait for theirs.</summary>
    public DateTimeOffset? WaitsUntil(DateTimeOffset now) =>
        _queued.Count > 0 && NextQueued(now) is null && !HasMore ? _queued.Min(number => _trials[number].NotBefore) : null;

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

    /// <summary>The next trial for <paramref name="holder"/>, or null when there is nothing to start now.</summary>
    /// <param name="ahead">It will wait for a slot there: until it has started, it cannot be what takes its worker down.</param>
    /// <param name="hasOthers">Whether another worker is ready: a retry of what failed at this one then goes there, to tell the trial's fault from the worker's.</param>
    public TrialGrant? Grant(LeaseHolder holder, DateTimeOffset now, bool ahead = false, bool hasOthers = false)
    {
        Tick(now);
        if (!Sweep.State.IsOpen() || (_definition.Limits.MaxParallel is { } limit && _active.Count >= limit))
        {
            return null;
        }

        var avoided = hasOthers ? holder.Worker : null;
        if ((Interrupted(now, avoided) ?? Promote(now) ?? NextQueued(now, avoided) ?? Propose(now)) is not { } number)
        {
            FinishIfDone(now);
            return null;
        }

        if (Sweep.State == SweepState.Queued)
        {
            Move(SweepState.Running, "the first trial starts", now);
        }

        var trial = Move(_trials[number], TrialState.Leased, $"granted to {holder.Worker}", holder.Worker, now, trial => trial with
        {
            Lease = trial.Lease + 1,
            Attempts = trial.Attempts + 1,
            Cause = null,
            Message = null,
            NotBefore = null,
            Worker = holder.Worker,
            Incarnation = holder.Incarnation,
            Device = holder.Device,
            Started = trial.Started ?? now,
            Granted = now,
        });
        _givesBack.Remove(number);
        Mark(_ahead, number, ahead);
        return GrantOf(trial);
    }

    /// <summary>The grant of a trial that is leased or running, for a holder that never received it.</summary>
    public TrialGrant GrantAgain(int number) => GrantOf(_trials[number]);

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
            AttemptEvent.Killed(var message) => Requeue(trial, message, now),
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
            Requeue(trial, $"{trial.Worker} went down together with the head", now);
            return;
        }

        if (trial.State == TrialState.Leased && _ahead.Contains(number))
        {
            Requeue(trial, $"lost with {trial.Worker}, where it waited for a slot", now);
            return;
        }

        var losses = trial.LossesInARow + 1;
        if (losses >= PoisonAfter)
        {
            End(trial, TrialState.Failed, $"{losses} attempts in a row took their worker down before an epoch was done", now, trial => trial with
            {
                Cause = FailureCause.Poison,
                LossesInARow = losses,
                Message = $"lost with its worker {losses} times in a row, last on {trial.Worker}",
            });
            return;
        }

        Requeue(trial, $"lost with {trial.Worker}", now, losses);
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

        if (_active.Count == 0)
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

    /// <param name="avoided">A worker that gets no trial that has just failed there.</param>
    private int? NextQueued(DateTimeOffset now, string? avoided = null)
    {
        foreach (var number in _queued)
        {
            if (IsDue(_trials[number], now, avoided))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>A back-off whose end is further away than it was long was measured by a clock that has been set back since: it is over.</summary>
    private bool IsDue(TrialRecord trial, DateTimeOffset now, string? avoided = null) =>
        trial.NotBefore is not { } notBefore
        || (notBefore <= now && !(trial.Worker == avoided && now - notBefore < Elsewhere))
        || notBefore - now > BackoffAfter(trial.Failures);

    private TimeSpan BackoffAfter(int failures) => _definition.Retry.Backoff * Math.Pow(2, Math.Min(failures - 1, 10));

    /// <summary>Takes the sampler's next configuration and queues a trial of it for every seed.</summary>
    private int? Propose(DateTimeOffset now)
    {
        if (PeekProposal() is not { } proposal)
        {
            return null;
        }

        _next = null;
        var seen = _method.IsAdaptive ? _history.Mark() : null;
        Sweep = Sweep with { Cursor = proposal.NextCursor, Infeasible = Sweep.Infeasible + (_method.IsFinite ? 0 : proposal.Infeasible) };
        _changes.Add(new SweepChange.SweepUpdated(Sweep));
        var first = Add(_configurations.Count + 1, proposal.Parameters, 0, _ => proposal.Origin, now)[0];
        if (seen is not null)
        {
            Event(first, ProposedEvent, null, null, seen, Self, now, null);
        }

        return first;
    }

    /// <summary>Queues a trial of a configuration for every seed from the <paramref name="firstSeed"/>th on, counted from 0.</summary>
    private List<int> Add(int configuration, ParameterSet parameters, int firstSeed, Func<int, string> origin, DateTimeOffset now)
    {
        var numbers = new List<int>();
        for (var seed = firstSeed; seed < _definition.Seeds.Count; seed++)
        {
            numbers.Add(Add(configuration, parameters, SeedOf(parameters, seed), origin(seed), now));
        }

        return numbers;
    }

    private int Add(int configuration, ParameterSet parameters, long seed, string? origin, DateTimeOffset now)
    {
        var trial = new TrialRecord
        {
            Number = _trials.Count + 1,
            Configuration = configuration,
            Parameters = parameters,
            Seed = seed,
            Origin = origin,
            Created = now,
        };
        Index(trial);
        _changes.Add(new SweepChange.TrialAdded(trial));
        return trial.Number;
    }

    /// <summary>
    /// Whether the method has a configuration left. An adaptive one is not asked: it proposes only for a slot that is free, knowing all
    /// that is known then.
    /// </summary>
    private bool HasMore => _method.IsAdaptive ? !_exhausted && !IsCapped : PeekProposal() is not null;

    private bool IsCapped => (Best?.Value is { } best && _definition.Metric.ReachesTarget(best)) || (_definition.RunCap is { } cap && _configurations.Count >= cap);

    private Proposal? PeekProposal()
    {
        if (_exhausted || _next is not null)
        {
            return _next;
        }

        _next = IsCapped ? null : NextUnmade();
        _exhausted = _next is null;
        return _next;
    }

    /// <summary>The sampler's next proposal; a finite one's without the points that have trials already, by hand or by a narrower file.</summary>
    private Proposal? NextUnmade()
    {
        long infeasible = 0;
        for (var cursor = Sweep.Cursor; _sampler.Propose(cursor, _history) is { } proposal; cursor = proposal.NextCursor)
        {
            infeasible += proposal.Infeasible;
            if (!_method.IsFinite || !IsMade(proposal.Parameters, cursor))
            {
                return proposal with { Infeasible = infeasible };
            }
        }

        return null;
    }

    /// <summary>A file may enqueue one point several times; each counts once.</summary>
    private bool IsMade(ParameterSet point, long cursor)
    {
        var made = _configurations.TrialsWith(point).Count();
        return made > 0 && made > _definition.Enqueue.Take((int)Math.Min(cursor, int.MaxValue)).Count(earlier => cursor < _definition.Enqueue.Length && earlier.Equals(point));
    }

    private long SeedOf(ParameterSet parameters, int index)
    {
        if (_definition.Seeds.Base is { } start)
        {
            return start + index;
        }

        var own = parameters["seed"] ?? Trainables.TcnParameters.All.First(parameter => parameter.Name == "seed").Default;
        return own!.AsInteger() + index;
    }

    /// <summary>The epoch after which the trial ends by itself; null for a program that is not known to tell.</summary>
    private int? LastEpochOf(TrialRecord trial) =>
        (trial.Parameters["epochs"] ?? Trainables.TrainableCatalog.Find(_definition.Program)?.Find("epochs")?.Default) is { Kind: ParameterKind.Integer } given
            ? (int)Math.Clamp(given.AsInteger(), 1, MaxEpoch)
            : Trainables.TrainableCatalog.Find(_definition.Program) is null or { Name: Trainables.TrainableCatalog.Asked } ? null : 1;

    private TrialGrant GrantOf(TrialRecord trial)
    {
        return new TrialGrant
        {
            Trial = new TrialId(Sweep.Id, trial.Number),
            Lease = trial.Lease,
            Attempt = trial.Attempts,
            Program = _definition.Program,
            Command = _definition.Command,
            Parameters = trial.Parameters,
            Seed = trial.Seed,
            Metric = _definition.Metric.Name,
            Maximize = _definition.Metric.Maximize,
            Rungs = _pruner is null || LastEpochOf(trial) is not { } last ? [] : [.. Enumerable.Range(1, last - 1).Where(_pruner.IsRung)],
            Resume = trial.Checkpoint,
            // Who pauses goes on from there, not from some epochs before.
            CheckpointEvery = _pruner is IPromoter ? 1 : _definition.Checkpoint.Every,
            Threads = _definition.Resources.Threads,
            TrialTime = _definition.Limits.TrialTime,
            DatasetDigests = Sweep.DatasetDigests,
            Alone = trial.Alone,
        };
    }

    private void Index(TrialRecord trial)
    {
        if (_trials.TryGetValue(trial.Number, out var before))
        {
            _count[before.State]--;
            _epochs -= before.Epoch;
            if (before.State.IsActive() && _activeAt.TryGetValue(before.Incarnation!, out var there))
            {
                Mark(there, trial.Number, false);
            }
        }
        else
        {
            _configurations.Add(trial);
        }

        _trials.Put(trial);
        _count[trial.State]++;
        _epochs += trial.Epoch;
        Mark(_queued, trial.Number, trial.State == TrialState.Queued);
        Mark(_active, trial.Number, trial.State.IsActive());
        Mark(_failed, trial.Number, trial.State == TrialState.Failed);
        if (trial.State.IsActive())
        {
            _activeAt.TryAdd(trial.Incarnation!, []);
            _activeAt[trial.Incarnation!].Add(trial.Number);
        }

        if (trial.Value is { } value && (Best?.Value is not { } best || _definition.Metric.IsBetter(value, best) || Best.Number == trial.Number))
        {
            Best = trial;
        }

        if (_method.IsAdaptive)
        {
            if (!_trialsOf.TryGetValue(trial.Configuration, out var trials))
            {
                _trialsOf[trial.Configuration] = trials = [];
            }

            if (!trials.Contains(trial.Number))
            {
                trials.Add(trial.Number);
            }

            if (_isLoaded)
            {
                Observe(trial.Configuration);
            }
        }
    }

    /// <summary>Tells the history what is known of a configuration now.</summary>
    private void Observe(int configuration) => _history.Put(Observation.Of(
        configuration,
        _configurations.ParametersOf(configuration),
        [.. _trialsOf[configuration].Select(number => _trials[number]).Select(trial => (trial.State, LossesOf(trial), LossCurveOf(trial.Number)))]));

    private ImmutableArray<double> LossesOf(TrialRecord trial) => trial.Value is not { } value ? []
        : [LossOf(_definition.Metric, value), .. _compromises.GetValueOrDefault(trial.Number, [])];

    private static double LossOf(MetricGoal metric, double value) => metric.Maximize ? -value : value;

    /// <summary>Keeps the losses of the metrics behind the first, as they are at its best epoch.</summary>
    private void RememberCompromise(int number, EpochReport report)
    {
        if (_method.TakesSeveralMetrics)
        {
            _compromises[number] = [.. _definition.Metrics.Skip(1).Select(metric => report[metric.Name] is { } value ? LossOf(metric, value) : double.PositiveInfinity)];
        }
    }

    /// <summary>Curves are kept with the larger the better.</summary>
    private IReadOnlyList<double> LossCurveOf(int number) => _curves.TryGetValue(number, out var curve) ? [.. curve.Select(value => -value)] : [];

    private static void Mark(ISet<int> set, int number, bool member)
    {
        if (member)
        {
            set.Add(number);
        }
        else
        {
            set.Remove(number);
        }
    }

    /// <summary>A failed trial may be tried again, and tell of epochs that it told of before.</summary>
    private static bool MayReportAgain(TrialRecord trial) => !trial.State.IsFinal() || trial.State == TrialState.Failed;

    private void Remember(TrialRecord trial, EpochReport report)
    {
        if (_pruner is not null)
        {
            if (!_curves.TryGetValue(trial.Number, out var curve))
            {
                _curves[trial.Number] = curve = [];
            }

            while (curve.Count < report.Epoch)
            {
                curve.Add(double.NaN);
            }

            var value = report[_definition.Metric.Name] ?? double.NaN;
            curve[report.Epoch - 1] = _definition.Metric.Maximize ? value : -value;
        }

        if (MayReportAgain(trial))
        {
            if (!_reports.TryGetValue(trial.Number, out var known))
            {
                _reports[trial.Number] = known = [];
            }

            known[report.Epoch] = report;
        }
    }
}
