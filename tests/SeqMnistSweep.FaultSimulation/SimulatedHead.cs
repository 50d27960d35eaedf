using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>A head process: the shipped dispatcher and sweeps on a simulated disk. What it knows dies with it; what it stored does not.</summary>
internal sealed class SimulatedHead(FaultWorld world) : SimulatedProcess(world.Time), ISweepStorage, IFleetLink
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    private readonly HashSet<(TrialId, long)> _granted = [];
    private Fleet _fleet = null!;
    private SweepActors _sweeps = null!;
    private Dispatcher _dispatcher = null!;

    public int Exchanges { get; private set; }

    public void Start()
    {
        Begin();
        var leases = new LeaseClock(LeaseTime, Dispatcher.CheckEvery);
        _fleet = new Fleet(LeaseTime);
        _sweeps = new SweepActors(this, leases, Time, () => new LateTurns(this));
        var fleet = new FleetRegistry(_fleet, this, new Trace<FleetRegistry>(world));
        _dispatcher = new Dispatcher(leases, fleet, _sweeps, Starts, Time, new Trace<Dispatcher>(world));
        foreach (var sweep in world.Sweeps)
        {
            if (world.Planted == PlantedFault.LeaseNumbersStartAgain && Starts > 1)
            {
                ((ModelStore)world.Disk.Store).ForgetLeases(sweep);
            }

            var stored = world.Disk.Store.Load(sweep);
            if (world.Planted != PlantedFault.LeaseNumbersStartAgain)
            {
                world.Promises.Read(stored);
            }

            if (!stored.Sweep.State.IsFinal())
            {
                Watch(_dispatcher.TakeUp(new SweepOutline(stored.Sweep, [.. stored.Trials.Where(trial => trial.State.IsActive())])));
            }
        }

        world.Note($"head: starts, for the {Starts}. time");
        After((long)Dispatcher.CheckEvery.TotalMilliseconds, Check);
    }

    public void Crash()
    {
        world.Note("head: killed");
        End();
        world.Disk.Crash();
    }

    public void Expire(string incarnation) => Receive(() =>
    {
        world.Note($"head: hears that {incarnation} is dead");
        Watch(_dispatcher.Expire(incarnation));
    });

    /// <summary>A sweep that has just been stored; a head that is down finds it when it starts.</summary>
    public void TakeUp(SweepRecord sweep) => Receive(() => Watch(_dispatcher.TakeUp(new SweepOutline(sweep, []))));

    public void Drain(string worker, bool drain)
    {
        if (IsAlive && _fleet.Find(worker) is not null)
        {
            _fleet.Drain(worker, drain ? new SweepAction("ada", "maintenance") : null);
        }
    }

    public void CancelTrial(SweepId sweep, int trial) => Receive(() => Watch(CancelTrialAsync(sweep, trial)));

    /// <summary>The file of the sweep gets a value more, whether the sweep goes on or has ended.</summary>
    public void EditFile(SweepId sweep) => Receive(() => Watch(EditFileAsync(sweep)));

    /// <param name="answer">Called in this process, once what the reply tells is durable.</param>
    public void Exchange(ExchangeRequest request, Action<ExchangeReply> answer) => Watch(ExchangeAsync(request, answer));

    public SweepSchedule Load(SweepId sweep, SweepDefinition? known)
    {
        world.Note($"head: reads {sweep} from the disk");
        return SimulatedSweep.ScheduleOf(world.Disk.Store.Load(sweep), (from, to, file) => Copy(sweep, from, to, file));
    }

    public Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes) => world.Disk.WriteAsync(
        this, sweep, world.Planted == PlantedFault.DeadReportsCount ? [.. changes.Where(change => change is not SweepChange.ReportsSuperseded)] : changes);

    public bool Has(TrialId trial, CheckpointFile checkpoint) => world.Files.Has(trial, checkpoint);

    public void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes, Func<int, IEnumerable<CheckpointFile>> named)
    {
        if (!changes.Any(change => change is SweepChange.CheckpointDropped or SweepChange.CheckpointFileLost))
        {
            return;
        }

        var stored = world.Disk.Store.Load(sweep).Checkpoints.ToLookup(row => row.Trial, row => row.Checkpoint.Digest);
        var files = world.Planted == PlantedFault.FilesDroppedByContent
            ? UnnamedFiles.Of(changes, _ => [], _ => [])
            : UnnamedFiles.Of(changes, trial => stored[trial], named);
        foreach (var (trial, digest) in files.ToList())
        {
            world.Files.Drop(new TrialId(sweep, trial), digest);
        }
    }

    public void Failed(SweepId sweep, Exception error)
    {
        world.Note($"head: {sweep} could not be stored: {error.Message}");
        if (error is InvalidOperationException)
        {
            world.Failed(error);
        }
    }

    public Task WriteAsync(WorkerSeen row) => Task.CompletedTask;

    public void Poke(FleetWorker worker)
    {
    }

    public void Lost(string worker)
    {
    }

    private string? Copy(SweepId sweep, int from, int to, CheckpointFile file)
    {
        if (world.Chance.Percent(10) || !world.Files.Has(new TrialId(sweep, from), file))
        {
            return "it cannot be read";
        }

        world.Files.Put(new TrialId(sweep, to), file);
        return null;
    }

    private async Task CancelTrialAsync(SweepId sweep, int trial)
    {
        try
        {
            await ActAsync(sweep, (schedule, now) =>
            {
                schedule.CancelTrial(trial, "ada", "no use", now);
                return true;
            });
            world.Note($"head: ada has cancelled {sweep}/{trial}");
        }
        catch (Exception error) when (error is not BrokenPromiseException)
        {
            // Refused, or not stored: whoever asked hears it.
            world.Note($"head: {sweep}/{trial} is not cancelled: {error.Message}");
        }
    }

    private async Task EditFileAsync(SweepId sweep)
    {
        try
        {
            await ActAsync(sweep, (schedule, now) => Enlarge(sweep, schedule, now));
            world.Note($"head: ada has edited the file of {sweep}");
        }
        catch (Exception error) when (error is not BrokenPromiseException)
        {
            world.Note($"head: the file of {sweep} is not edited: {error.Message}");
        }
    }

    private Task<bool> ActAsync(SweepId sweep, Func<SweepSchedule, DateTimeOffset, bool> act) => _sweeps.Act(sweep, act, changed =>
    {
        _dispatcher.Changed(changed);
        return Task.CompletedTask;
    });

    private bool Enlarge(SweepId sweep, SweepSchedule schedule, DateTimeOffset now)
    {
        if (SimulatedSweep.Larger(schedule.Definition) is not { } larger)
        {
            return false;
        }

        var wasOver = schedule.Sweep.State.IsFinal();
        schedule.Change((larger, SamplerCatalog.Create(larger)), SweepEdits.None, ImmutableSortedDictionary<string, string>.Empty, "ada", "one more", now);
        world.Edited(sweep, wasOver);
        return true;
    }

    private async Task ExchangeAsync(ExchangeRequest request, Action<ExchangeReply> answer)
    {
        Exchanges++;
        if (world.Planted == PlantedFault.FencingOff)
        {
            request = request with { Events = [.. await Task.WhenAll(request.Events.Select(UnderNewestLease))] };
        }

        var reply = await _dispatcher.Exchange(request);
        if (world.Planted == PlantedFault.GrantLost)
        {
            reply = reply with { Grants = [.. reply.Grants.Where(grant => _granted.Add((grant.Trial, grant.Lease)))] };
        }

        world.Promises.Acknowledging(request, reply);
        answer(reply);
    }

    private Task<NumberedEvent> UnderNewestLease(NumberedEvent told) => _sweeps.Run(
        told.Trial.Sweep, actor => Task.FromResult(told with { Lease = actor.Schedule.Trials[told.Trial.Number].Lease }));

    private void Check()
    {
        Watch(_dispatcher.Check());
        After((long)Dispatcher.CheckEvery.TotalMilliseconds, Check);
    }

    /// <summary>No call may fail by an error that nobody expected; one whose answer never comes, since the head died, is nobody's.</summary>
    private async void Watch(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception error)
        {
            world.Failed(error);
        }
    }

    /// <summary>The turns of a sweep, which come a little late at times.</summary>
    private sealed class LateTurns(SimulatedHead head) : TaskScheduler
    {
        private readonly FaultWorld _world = head.World;

        protected override void QueueTask(Task task)
        {
            if (_world.Chance.Percent(30))
            {
                head.After(_world.Chance.Between(0, 3), () => TryExecuteTask(task));
            }
            else
            {
                TryExecuteTask(task);
            }
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class Trace<T>(FaultWorld world) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            world.Note($"head: {formatter(state, exception)} {exception?.Message}");
    }

    private FaultWorld World => world;
}
