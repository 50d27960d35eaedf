using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Faults;

/// <summary>A head process around the shipped dispatcher and desks. What it knows dies with it; what it stored does not.</summary>
internal sealed class SimulatedHead(FaultWorld world) : SimulatedProcess(world.Time), IDispatchHost
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SweepId, SweepDesk> _desks = [];
    private Dispatcher _dispatcher = null!;

    public int Exchanges { get; private set; }

    public void Start()
    {
        Begin();
        _desks.Clear();
        _dispatcher = new Dispatcher(LeaseTime, CheckEvery, Starts, this, Time);
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
                _dispatcher.TakeUp(new SweepOutline(stored.Sweep, [.. stored.Trials.Where(trial => trial.State.IsActive())]));
            }
        }

        world.Note($"head: starts, for the {Starts}. time");
        After(CheckEvery.Milliseconds, Check);
    }

    public void Crash()
    {
        world.Note("head: killed");
        End();
        world.Disk.Crash();
    }

    public void Bury(string incarnation) => Receive(() =>
    {
        world.Note($"head: hears that {incarnation} is dead");
        Watch(_dispatcher.BuryAsync(incarnation));
    });

    /// <summary>A sweep that has just been stored; a head that is down finds it when it starts.</summary>
    public void TakeUp(SweepRecord sweep) => Receive(() => _dispatcher.TakeUp(new SweepOutline(sweep, [])));

    public void Drain(string worker, bool drain)
    {
        if (IsAlive && _dispatcher.Fleet.Find(worker) is not null)
        {
            _dispatcher.Fleet.Drain(worker, drain ? new SweepAction("ada", "maintenance") : null);
        }
    }

    public void CancelTrial(SweepId sweep, int trial) => Receive(() => Watch(CancelTrialAsync(sweep, trial)));

    /// <param name="answer">Called in this process, once what the reply tells is durable.</param>
    public void Exchange(ExchangeRequest request, Action<ExchangeReply> answer) => Watch(ExchangeAsync(request, answer));

    public ISweepDesk Desk(SweepId sweep) => new Activation(this, sweep);

    public Task StoreWorker(string worker) => Task.CompletedTask;

    public void Joined(string worker, string device, int slots)
    {
    }

    public void Lost(int leases, IReadOnlyCollection<string> workers) => world.Note($"head: {leases} lease(s) of {string.Join(", ", workers)} are over");

    public void TakenBack()
    {
    }

    public void DoesNotAnswer(Exception error, SweepId sweep) => world.Note($"head: {sweep} does not answer: {error.Message}");

    private async Task CancelTrialAsync(SweepId sweep, int trial)
    {
        try
        {
            var desk = DeskOf(sweep);
            desk.Decide(schedule => schedule.CancelTrial(trial, "ada", "no use", Time.GetUtcNow()));
            await desk.Store();
            world.Note($"head: ada has cancelled {sweep}/{trial}");
        }
        catch (Exception error) when (error is not BrokenPromiseException)
        {
            // Refused, or not stored: whoever asked hears it.
            world.Note($"head: {sweep}/{trial} is not cancelled: {error.Message}");
        }
    }

    private async Task ExchangeAsync(ExchangeRequest request, Action<ExchangeReply> answer)
    {
        Exchanges++;
        var reply = await _dispatcher.Exchange(request);
        world.Promises.Acknowledging(request, reply);
        answer(reply);
    }

    private void Check()
    {
        Watch(_dispatcher.Check());
        After((long)CheckEvery.TotalMilliseconds, Check);
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

    private SweepDesk DeskOf(SweepId sweep)
    {
        if (!_desks.TryGetValue(sweep, out var desk))
        {
            var stored = world.Disk.Store.Load(sweep);
            world.Note($"head: reads {sweep} from the disk");
            _desks[sweep] = desk = new SweepDesk(
                SimulatedSweep.ScheduleOf(world.KindOf(sweep), stored), changes => world.Disk.WriteAsync(this, sweep, changes), error => Break(sweep, error), Time);
        }

        return desk;
    }

    /// <summary>As an activation: it is gone a moment later, and the next call makes another.</summary>
    private void Break(SweepId sweep, Exception error)
    {
        world.Note($"head: {sweep} could not be stored: {error.Message}");
        if (error is InvalidOperationException)
        {
            world.Failed(error);
        }

        After(world.Chance.Between(1, 200), () => _desks.Remove(sweep));
    }

    private async Task<T> TurnAsync<T>(Func<Task<T>> call)
    {
        if (world.Chance.Percent(20))
        {
            await Wait();
        }

        var result = await call();
        if (world.Chance.Percent(20))
        {
            await Wait();
        }

        return result;
    }

    private Task Wait()
    {
        var done = new TaskCompletionSource();
        After(world.Chance.Between(0, 3), done.SetResult);
        return done.Task;
    }

    private sealed class Activation(SimulatedHead head, SweepId sweep) : ISweepDesk
    {
        private PlantedFault Planted => head.Planted;

        public Task<Settlement> Settle(SettleRequest request) => head.TurnAsync(async () =>
        {
            var desk = head.DeskOf(sweep);
            if (Planted == PlantedFault.FencingOff)
            {
                request = request with { Events = [.. request.Events.Select(told => told with { Lease = desk.Schedule.Trials[told.Trial.Number].Lease })] };
            }

            var settlement = await desk.Settle(request);
            return Planted == PlantedFault.GrantLost ? settlement with { GrantsAgain = [] } : settlement;
        });

        public Task<GrantReply> Grant(LeaseHolder holder, GrantRoom room) => head.TurnAsync(() => head.DeskOf(sweep).Grant(holder, room));

        public Task Lose(ImmutableArray<LostLease> lost) => head.TurnAsync(async () =>
        {
            await head.DeskOf(sweep).Lose(lost);
            return true;
        });

        public Task TakeBack(ImmutableArray<(int Trial, long Lease)> leases, SweepId @for) => head.TurnAsync(async () =>
        {
            head.World.Note($"head: {@for} wants {leases.Length} slot(s) of {sweep}");
            await head.DeskOf(sweep).TakeBack(leases, @for);
            return true;
        });

        public Task<SweepBeat> Tick() => head.TurnAsync(() => head.DeskOf(sweep).Tick());
    }

    private PlantedFault Planted => world.Planted;

    private FaultWorld World => world;
}
