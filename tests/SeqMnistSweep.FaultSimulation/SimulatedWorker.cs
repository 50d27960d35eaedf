using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>A worker process around the shipped core; the core dies with it. The link to the head and the runners are simulated.</summary>
internal sealed class SimulatedWorker(FaultWorld world, int index, int slots) : SimulatedProcess(world.Time)
{
    private readonly List<SimulatedAttempt> _entered = [];
    private WorkerCore _core = null!;
    private bool _changed;
    private long _call;
    private long? _inFlight;
    private long _beat;

    public SimulatedLink Link { get; } = new(world.Time, world.Chance);

    public string Name { get; } = NameOf(index);

    public string Incarnation => $"{Name}@{Starts}";

    private IEnumerable<SimulatedAttempt> Running => _entered.Where(attempt => attempt.IsInSlot);

    public static string NameOf(int index) => $"w{index + 1}";

    public void Start()
    {
        Begin();
        _entered.Clear();
        _inFlight = null;
        var outbox = world.Planted == PlantedFault.OutboxNotResent ? new ForgetfulOutbox() : new Outbox();
        _core = new WorkerCore(new LeaseHolder(Name, Incarnation, "cpu"), new WorkerOffer { AllowsPrograms = true }, slots, outbox, UploadAsync, Time, Changed);
        world.Note($"{Incarnation}: starts with {slots} slot(s)");
        Exchange();
    }

    public void Crash(long restartAfter)
    {
        if (!IsAlive)
        {
            return;
        }

        world.Note($"{Incarnation}: ends");
        var dead = Incarnation;
        End();
        if (world.Chance.Percent(60))
        {
            Time.After(world.Chance.Between(500, 2500), () => world.Head.Expire(dead));
        }

        Time.After(restartAfter, Start);
    }

    /// <summary>SIGTERM: gives everything back, then ends and is started again.</summary>
    public void Leave() => Receive(() => _core.Stop());

    /// <summary>The cluster takes it for dead while it lives; it learns that when it looks.</summary>
    public void DeclareDead() => Receive(() =>
    {
        var incarnation = Incarnation;
        world.Head.Expire(incarnation);
        After(world.Chance.Between(1000, 12_000), () => Crash(500));
    });

    public void DisturbRunner(AttemptEvent last) => Receive(() => Running.FirstOrDefault()?.End(last));

    public void DamageCheckpoint() => Receive(() =>
    {
        if (Running.FirstOrDefault(attempt => attempt.Resumed is not null) is { Resumed: { } damaged } attempt)
        {
            attempt.End(new AttemptEvent.CheckpointLost(damaged, "damaged"));
        }
    });

    public void Entered(SimulatedAttempt attempt)
    {
        _entered.RemoveAll(other => !other.IsInSlot);
        _entered.Add(attempt);
    }

    private void Changed()
    {
        _changed = true;
        if (_inFlight is null)
        {
            Next(TimeSpan.Zero);
        }
    }

    private void Exchange()
    {
        var call = ++_call;
        _inFlight = call;
        _beat++;
        _changed = false;
        var request = _core.Ask();

        // Trials are too long here for the core to ask ahead; the first worker does it all the same, so that attempts wait for a slot.
        request = request with { Ahead = index == 0 && !request.Draining && request.Running.Length <= slots ? 1 : 0 };
        Link.Send(() => world.Head.Receive(() => world.Head.Exchange(request, reply => Link.Send(() => Receive(() => Take(call, request, reply))))));
        After(world.Chance.Between(1000, 8000), () =>
        {
            if (_inFlight == call)
            {
                _inFlight = null;
                Next(WorkerCore.RetryAfter);
            }
        });
    }

    private void Next(TimeSpan wait)
    {
        var beat = ++_beat;
        After((long)wait.TotalMilliseconds, () =>
        {
            if (_inFlight is null && beat == _beat)
            {
                Exchange();
            }
        });
    }

    private void Take(long call, ExchangeRequest request, ExchangeReply reply)
    {
        // Of a call that was given up nobody reads the answer.
        if (_inFlight != call)
        {
            return;
        }

        _core.Take(request, reply);
        foreach (var grant in reply.Grants)
        {
            _core.Begin(grant, new SimulatedAttempt(world, this, _core, grant));
        }

        _inFlight = null;
        if (_core.Refusal is not null || _core.HasLeft)
        {
            Crash(world.Chance.Between(1000, 4000));
            return;
        }

        Next(_changed ? TimeSpan.Zero : WorkerCore.Beat);
    }

    private Task<bool> UploadAsync(TrialId trial, CheckpointFile checkpoint, CancellationToken cancellation)
    {
        if (!world.Chance.Percent(30))
        {
            world.Files.Put(trial, checkpoint);
            return Task.FromResult(true);
        }

        var stored = new TaskCompletionSource<bool>();
        cancellation.Register(() => stored.TrySetResult(false));
        After(world.Chance.Between(10, 1500), () =>
        {
            world.Files.Put(trial, checkpoint);
            stored.TrySetResult(true);
        });
        return stored.Task;
    }
}
