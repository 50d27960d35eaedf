using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>
/// A worker process: the shipped outbox and memory of ended leases, and a model of what the agent, its slots and runners do around them
/// (in the product those are threads and processes).
/// </summary>
internal sealed class SimulatedWorker(FaultWorld world, int index, int slots) : SimulatedProcess(world.Time)
{
    private const int BeatMs = 1000;
    private const int RetryMs = 500;
    private const int LongestWaitMs = 1000;

    private readonly Dictionary<(TrialId, long), SimulatedAttempt> _held = [];
    private readonly List<SimulatedAttempt> _waiting = [];
    private Outbox _outbox = new();
    private EndedLeases _ended = new();
    private bool _toldToDrain;
    private bool _leaves;
    private long _call;
    private long? _inFlight;
    private long _beat;

    public SimulatedLink Link { get; } = new(world.Time, world.Chance);

    public string Name { get; } = NameOf(index);

    public string Incarnation => $"{Name}@{Starts}";

    private bool IsDraining => _toldToDrain || _leaves;

    private IEnumerable<SimulatedAttempt> Running => _held.Values.Where(attempt => attempt.IsInSlot);

    private int Free => slots - Running.Count();

    public static string NameOf(int index) => $"w{index + 1}";

    public void Start()
    {
        Begin();
        _held.Clear();
        _waiting.Clear();
        (_outbox, _ended) = (new Outbox(), new EndedLeases());
        (_toldToDrain, _leaves, _inFlight) = (false, false, null);
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
    public void Leave() => Receive(() =>
    {
        _leaves = true;
        GiveBackAll("drained");
        Poke();
    });

    /// <summary>The cluster takes it for dead while it lives; it learns that when it looks.</summary>
    public void DeclareDead() => Receive(() =>
    {
        var incarnation = Incarnation;
        world.Head.Expire(incarnation);
        After(world.Chance.Between(1000, 12_000), () => Crash(500));
    });

    public void DisturbRunner(AttemptEvent told) => Receive(() =>
    {
        if (Running.FirstOrDefault() is { } attempt)
        {
            Leave(attempt, told);
        }
    });

    public void DamageCheckpoint() => Receive(() =>
    {
        if (Running.FirstOrDefault(attempt => attempt.Grant.Resume is { } file && attempt.Epoch == file.Epoch) is { Grant.Resume: { } damaged } attempt)
        {
            Leave(attempt, new AttemptEvent.CheckpointLost(damaged, "damaged"));
        }
    });

    private void Poke()
    {
        if (_inFlight is null)
        {
            Exchange();
        }
    }

    private void Exchange()
    {
        if (_waiting.FirstOrDefault() is { } oldest && Time.Now - oldest.Since >= LongestWaitMs)
        {
            GiveBackWaiting();
        }

        var call = ++_call;
        _inFlight = call;
        _beat++;
        var request = Request();
        if (world.Planted == PlantedFault.OutboxNotResent)
        {
            _outbox.Acknowledge(long.MaxValue);
        }

        Link.Send(() => world.Head.Receive(() => world.Head.Exchange(request, reply => Link.Send(() => Receive(() => Take(call, request, reply))))));
        After(world.Chance.Between(1000, 8000), () =>
        {
            if (_inFlight == call)
            {
                _inFlight = null;
                Next(RetryMs);
            }
        });
    }

    private void Next(long milliseconds)
    {
        var beat = ++_beat;
        After(milliseconds, () =>
        {
            if (_inFlight is null && beat == _beat)
            {
                Exchange();
            }
        });
    }

    private ExchangeRequest Request()
    {
        var events = _outbox.Pending(out _);
        return new ExchangeRequest
        {
            Holder = new LeaseHolder(Name, Incarnation, "cpu"),
            Slots = slots,
            FreeSlots = IsDraining ? 0 : Free,
            Ahead = IsDraining || index > 0 ? 0 : Math.Max(0, 1 - _waiting.Count),
            Draining = IsDraining,
            Running = [.. _held.Values.Select(attempt => new RunningAttempt(attempt.Grant.Trial, attempt.Grant.Lease, null))],
            Events = events,
            Leaving = _leaves && _held.Count == 0,
        };
    }

    private void Take(long call, ExchangeRequest request, ExchangeReply reply)
    {
        // Of a call that was given up nobody reads the answer.
        if (_inFlight != call)
        {
            return;
        }

        _inFlight = null;
        _outbox.Acknowledge(reply.Acknowledged, reply.Unsettled);
        foreach (var verdict in reply.Verdicts)
        {
            Decide(verdict);
        }

        foreach (var order in reply.Orders)
        {
            if (order.GiveBack)
            {
                GiveBack(order);
            }
            else
            {
                Drop(order);
            }
        }

        foreach (var grant in reply.Grants)
        {
            Begin(grant);
        }

        if (reply.Drain != _toldToDrain)
        {
            _toldToDrain = reply.Drain;
            if (_toldToDrain)
            {
                GiveBackAll("drained");
            }
        }

        if (reply.Refusal is not null || (request.Leaving && _outbox.IsEmpty))
        {
            Crash(world.Chance.Between(1000, 4000));
            return;
        }

        Next(_outbox.IsEmpty ? BeatMs : 0);
    }

    private void Begin(TrialGrant grant)
    {
        if (_ended.Contains(grant.Trial, grant.Lease))
        {
            _outbox.Add(grant.Trial, grant.Lease, new AttemptEvent.Released("this lease has been run here already"));
            return;
        }

        if (IsDraining || _held.ContainsKey((grant.Trial, grant.Lease)))
        {
            return;
        }

        var attempt = new SimulatedAttempt(grant) { Since = Time.Now };
        _held.Add(attempt.Key, attempt);
        if (Free > 0)
        {
            Enter(attempt);
        }
        else
        {
            _waiting.Add(attempt);
        }
    }

    private void Enter(SimulatedAttempt attempt)
    {
        world.Promises.Begins(attempt.Grant);
        world.Note($"{Incarnation}: begins {attempt.Grant.Trial} under lease {attempt.Grant.Lease} from epoch {attempt.Epoch}");
        attempt.IsInSlot = true;
        Tell(attempt, new AttemptEvent.Started("cpu"));
        Train(attempt);
    }

    private void Train(SimulatedAttempt attempt) => After(world.Chance.Between(300, 2500), () =>
    {
        if (!attempt.IsInSlot)
        {
            return;
        }

        attempt.Epoch++;
        Tell(attempt, new AttemptEvent.Reported(ReportOf(attempt), attempt.Epoch % attempt.Grant.CheckpointEvery == 0 ? FileOf(attempt) : null));
        if (attempt.Epoch >= SimulatedSweep.Epochs)
        {
            Leave(attempt, new AttemptEvent.Completed(attempt.Grant.Lease, null));
        }
        else if (attempt.Grant.Rungs.Contains(attempt.Epoch))
        {
            attempt.WaitsAfter = attempt.Epoch;
            GoOn(attempt);
        }
        else
        {
            Train(attempt);
        }
    });

    private void Decide(TrialVerdict verdict)
    {
        if (_held.TryGetValue((verdict.Trial, verdict.Lease), out var attempt))
        {
            attempt.Verdicts[verdict.Epoch] = verdict.Verdict;
            GoOn(attempt);
        }
    }

    private void GoOn(SimulatedAttempt attempt)
    {
        if (!attempt.IsInSlot || attempt.WaitsAfter is not { } epoch || !attempt.Verdicts.TryGetValue(epoch, out var verdict))
        {
            return;
        }

        attempt.WaitsAfter = null;
        switch (verdict)
        {
            case Verdict.Continue: Train(attempt); break;
            case Verdict.Pause: Leave(attempt, new AttemptEvent.Released("paused")); break;
            default: Leave(attempt, new AttemptEvent.Stopped()); break;
        }
    }

    private void Drop(TrialOrder order)
    {
        if (!_held.TryGetValue((order.Trial, order.Lease), out var attempt) || attempt.HasLeft)
        {
            return;
        }

        world.Note($"{Incarnation}: drops {order.Trial} under lease {order.Lease}");
        if (attempt.IsInSlot)
        {
            Leave(attempt, new AttemptEvent.Stopped());
        }
        else
        {
            _waiting.Remove(attempt);
            attempt.HasLeft = true;
            Forget(attempt);
        }
    }

    private void GiveBackAll(string reason)
    {
        GiveBackWaiting();
        foreach (var attempt in Running.ToList())
        {
            GiveBack(attempt, reason);
        }
    }

    private void GiveBack(TrialOrder order)
    {
        if (!_held.TryGetValue((order.Trial, order.Lease), out var attempt) || attempt.HasLeft)
        {
            return;
        }

        world.Note($"{Incarnation}: gives the slot of {order.Trial} back");
        if (attempt.IsInSlot)
        {
            GiveBack(attempt, "drained");
        }
        else
        {
            Leave(attempt, new AttemptEvent.Released("its slot is wanted"));
        }
    }

    private void GiveBack(SimulatedAttempt attempt, string reason)
    {
        if (attempt.WaitsAfter is null && world.Chance.Percent(50))
        {
            Tell(attempt, new AttemptEvent.Checkpointed(new CheckpointFile(attempt.Epoch, 1, $"{attempt.Grant.Trial.Number}-{attempt.Epoch}-1", 1)));
        }

        Leave(attempt, new AttemptEvent.Released(reason));
    }

    private void GiveBackWaiting()
    {
        foreach (var attempt in _waiting.ToList())
        {
            Leave(attempt, new AttemptEvent.Released("waited for a slot"));
        }
    }

    /// <summary>Says its last word; its slot is for the next that waits.</summary>
    private void Leave(SimulatedAttempt attempt, AttemptEvent last)
    {
        var wasInSlot = attempt.IsInSlot;
        (attempt.IsInSlot, attempt.HasLeft) = (false, true);
        _waiting.Remove(attempt);
        world.Note($"{Incarnation}: {attempt.Grant.Trial} under lease {attempt.Grant.Lease} ends with {last.GetType().Name} after epoch {attempt.Epoch}");
        Tell(attempt, last);
        if (wasInSlot && !IsDraining && _waiting.FirstOrDefault() is { } next)
        {
            _waiting.RemoveAt(0);
            Enter(next);
        }
    }

    /// <summary>Into the outbox, in order; what names a checkpoint waits for its upload.</summary>
    private void Tell(SimulatedAttempt attempt, AttemptEvent told)
    {
        var upload = told is AttemptEvent.Reported { Checkpoint: not null } or AttemptEvent.Checkpointed && world.Chance.Percent(30) ? world.Chance.Between(10, 1500) : 0;
        attempt.Unsaid.Enqueue(told);
        if (attempt.Unsaid.Count > 1)
        {
            return;   // behind what waits already
        }

        if (upload == 0)
        {
            SayAll(attempt);
        }
        else
        {
            After(upload, () => SayAll(attempt));
        }
    }

    private void SayAll(SimulatedAttempt attempt)
    {
        while (attempt.Unsaid.TryDequeue(out var told))
        {
            Add(attempt, told);
        }
    }

    private void Add(SimulatedAttempt attempt, AttemptEvent told)
    {
        _outbox.Add(attempt.Grant.Trial, attempt.Grant.Lease, told);
        if (told.EndsAttempt)
        {
            Forget(attempt);
        }

        Next(0);
    }

    private void Forget(SimulatedAttempt attempt)
    {
        _held.Remove(attempt.Key);
        _ended.Add(attempt.Grant.Trial, attempt.Grant.Lease);
    }

    private static CheckpointFile FileOf(SimulatedAttempt attempt) => new(attempt.Epoch, 0, $"{attempt.Grant.Trial.Number}-{attempt.Epoch}", 1);

    private static EpochReport ReportOf(SimulatedAttempt attempt) => new(attempt.Epoch, ImmutableSortedDictionary<string, double>.Empty
        .Add("value", (attempt.Grant.Trial.Number * 7 % 5) + attempt.Epoch)
        .Add(Promises.Lease, attempt.Grant.Lease));
}
