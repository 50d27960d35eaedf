using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation.Watchdog;

/// <summary>The shipped dispatcher, sweeps and worker cores in simulated time with programs that misbehave. Nothing else fails: whatever the
/// programs do, the sweep must come to an end, and no trial may be started for ever.</summary>
internal sealed class WatchdogWorld : ISweepStorage, IFleetLink, IDisposable
{
    /// <summary>Milliseconds within which everything must be over.</summary>
    private const long Patience = 3_600_000;

    private static readonly SweepId Id = SweepId.Parse("dog-0000");
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    private readonly WatchdogSweep _sweep;
    private readonly ModelStore _store = new();
    private readonly Dispatcher _dispatcher;
    private Exception? _failure;

    private WatchdogWorld(ulong seed, PlantedStandstill planted)
    {
        _sweep = WatchdogSweep.Of(seed);
        Planted = planted;
        Chance = new Chance(RandomSeed.Derive((long)seed, "watchdog world"));
        var leases = new LeaseClock(LeaseTime, Dispatcher.CheckEvery);
        var fleet = new FleetRegistry(new Fleet(LeaseTime), this, NullLogger<FleetRegistry>.Instance);
        var sweeps = new SweepActors(this, leases, Time, () => new AtOnce());
        _dispatcher = new Dispatcher(leases, fleet, sweeps, 1, Time, NullLogger<Dispatcher>.Instance);
    }

    public SimulatedTime Time { get; } = new();

    public Chance Chance { get; }

    public PlantedStandstill Planted { get; }

    /// <returns>What went wrong, with the sweep; null when nothing did.</returns>
    public static string? FaultOf(ulong seed, PlantedStandstill planted = PlantedStandstill.None)
    {
        using var world = new WatchdogWorld(seed, planted);
        return world.Time.Run(world.Live) is { } fault
            ? $"seed {seed}: {fault}\nprograms {string.Join(", ", world._sweep.Programs)}, {world._sweep.Workers} worker(s) of {world._sweep.Slots} slot(s)\n{world._sweep.Shown}"
            : null;
    }

    public void Dispose() => _store.Dispose();

    public void After(long milliseconds, Action happens) => Time.After(milliseconds, happens);

    public Misbehaviour ProgramOf(int trial) => _sweep.Programs[trial % _sweep.Programs.Length];

    public Task<ExchangeReply> Exchange(ExchangeRequest request) => _dispatcher.Exchange(request);

    public void Expire(string incarnation) => Watch(_dispatcher.Expire(incarnation));

    public async void Watch(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception error)
        {
            _failure ??= error;
        }
    }

    public SweepSchedule Load(SweepId sweep, SweepDefinition? known)
    {
        var (definition, stored) = (_sweep.Definition, _store.Load(sweep));
        return new SweepSchedule(
            definition, SamplerCatalog.Create(definition), PrunerCatalog.Create(definition), stored.Sweep, stored.Trials,
            stored.Reports.Select(report => (report.Trial, report.Report)));
    }

    public Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        var done = new TaskCompletionSource<WriteOutcome>();
        After(Chance.Between(0, 3), () => done.SetResult(_store.Apply(sweep, changes, isFull: false)));
        return done.Task;
    }

    /// <summary>Files are not simulated: what is named is there.</summary>
    public bool Has(TrialId trial, CheckpointFile checkpoint) => true;

    public void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes, Func<int, IEnumerable<CheckpointFile>> named)
    {
    }

    public void Failed(SweepId sweep, Exception error) => _failure ??= error;

    public Task WriteAsync(WorkerSeen row) => Task.CompletedTask;

    public void Poke(FleetWorker worker)
    {
    }

    public void Lost(string worker)
    {
    }

    private string? Live()
    {
        var definition = _sweep.Definition;
        var record = new SweepRecord
        {
            Id = Id,
            Name = definition.Name,
            State = SweepState.Queued,
            Method = definition.Method,
            Metric = definition.Metric.Name,
            Maximize = definition.Metric.Maximize,
            Metrics = definition.Metrics.Length > 1 ? definition.Metrics : [],
            Source = definition.Source,
            Digest = definition.Digest,
            Planned = SweepPlan.Of(definition).Trials - (Planted == PlantedStandstill.PlanTooSmall ? 1 : 0),
            Created = Time.GetUtcNow(),
        };
        _store.Apply(Id, [new SweepChange.SweepAdded(record)], isFull: false);
        After(0, () => Watch(_dispatcher.TakeUp(new(record, []))));
        Check();
        foreach (var index in Enumerable.Range(0, _sweep.Workers))
        {
            After(Chance.Between(0, 500), new WatchdogWorker(this, index, _sweep.Slots).Start);
        }

        return Judged();
    }

    private string? Judged()
    {
        while (Time.Step())
        {
            if (_failure is not null) return $"{_failure}";

            var stored = _store.Load(Id);
            if (stored.Trials.FirstOrDefault(trial => trial.Attempts > _sweep.MaxAttempts) is { } often)
            {
                return $"trial {often.Number} is at attempt {often.Attempts}";
            }

            if (stored.Trials.Count > stored.Sweep.Planned) return $"there are {stored.Trials.Count} trials of {stored.Sweep.Planned}";

            if (stored.Sweep.State.IsFinal())
            {
                return stored.Trials.FirstOrDefault(trial => !trial.State.IsFinal()) is { } open
                    ? $"the sweep is {stored.Sweep.State.ToName()}, and its trial {open.Number} is {open.State.ToName()}"
                    : null;
            }

            if (Time.Now > Patience) break;
        }

        return $"it stands still: {string.Join(", ", _store.Load(Id).Trials.Where(trial => !trial.State.IsFinal()).Select(trial => $"{trial.Number} {trial.State.ToName()}"))}";
    }

    private void Check()
    {
        Watch(_dispatcher.Check());
        After((long)Dispatcher.CheckEvery.TotalMilliseconds, Check);
    }

    private sealed class AtOnce : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
