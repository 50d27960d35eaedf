using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>An attempt at a worker: the shipped core drives it, and its training is simulated.</summary>
internal sealed class SimulatedAttempt(FaultWorld world, SimulatedWorker worker, WorkerCore core, TrialGrant grant) : IAttempt
{
    private readonly Dictionary<int, Verdict> _verdicts = [];
    private readonly bool _isUsers = SimulatedSweep.IsUsers(world.KindOf(grant.Trial.Sweep));
    private int _epoch = grant.Resume?.Epoch ?? 0;
    private bool _endsSoon;

    /// <summary>The epoch whose verdict it waits for; null while it trains.</summary>
    private int? _waitsAfter;

    public TrialProgress? Progress => null;

    public bool IsInSlot { get; private set; }

    /// <summary>The checkpoint that it was to go on from, as long as it has done nothing since.</summary>
    public CheckpointFile? Resumed => grant.Resume is { } file && _epoch == file.Epoch ? file : null;

    public void Enter(int slot)
    {
        world.Promises.Begins(grant, world.Files);
        world.Note($"{worker.Incarnation}: begins {grant.Trial} under lease {grant.Lease} from epoch {_epoch}");
        IsInSlot = true;
        worker.Entered(this);
        core.Starts(grant.Trial, grant.Lease);
        Report(new AttemptEvent.Started("cpu"));
        Train();
    }

    public void Decide(int epoch, Verdict verdict)
    {
        _verdicts[epoch] = verdict;
        GoOn();
        if (_isUsers && verdict != Verdict.Continue && !_endsSoon)
        {
            _endsSoon = true;
            worker.After(world.Chance.Between(0, 3000), () =>
            {
                if (IsInSlot)
                {
                    End(verdict == Verdict.Pause ? new AttemptEvent.Released("paused") : new AttemptEvent.Stopped());
                }
            });
        }
    }

    public void GiveBack()
    {
        if (!IsInSlot)
        {
            return;
        }

        world.Note($"{worker.Incarnation}: gives the slot of {grant.Trial} back");
        if (_waitsAfter is null && world.Chance.Percent(50))
        {
            Report(new AttemptEvent.Checkpointed(new CheckpointFile(_epoch, 1, $"{grant.Trial.Number}-{_epoch}-1", 1)));
        }

        End(new AttemptEvent.Released("drained"));
    }

    public void Stop(string reason)
    {
        if (IsInSlot)
        {
            world.Note($"{worker.Incarnation}: drops {grant.Trial} under lease {grant.Lease}");
            End(new AttemptEvent.Stopped());
        }
    }

    public void Forget()
    {
    }

    /// <summary>Reports its end and leaves its slot, in either order, as shipped attempts do.</summary>
    public void End(AttemptEvent last)
    {
        IsInSlot = false;
        world.Note($"{worker.Incarnation}: {grant.Trial} under lease {grant.Lease} ends with {last.GetType().Name} after epoch {_epoch}");
        if (world.Chance.Percent(50))
        {
            core.Leave(grant.Trial, grant.Lease);
            Report(last);
        }
        else
        {
            Report(last);
            core.Leave(grant.Trial, grant.Lease);
        }
    }

    private void Train() => worker.After(world.Chance.Between(300, 2500), () =>
    {
        if (!IsInSlot)
        {
            return;
        }

        _epoch++;
        world.Tally.Outrun += _verdicts.Count > 0 || grant.Rungs.Any(rung => rung < _epoch && rung > (grant.Resume?.Epoch ?? 0) && !_verdicts.ContainsKey(rung)) ? 1 : 0;
        Report(new AttemptEvent.Reported(ReportOfEpoch(), _epoch % grant.CheckpointEvery == 0 ? FileOfEpoch() : null));
        if (_epoch >= SimulatedSweep.Epochs)
        {
            End(new AttemptEvent.Completed(grant.Lease, null) { Epoch = _isUsers ? _epoch : null });
        }
        else if (grant.Rungs.Contains(_epoch) && !_isUsers)
        {
            _waitsAfter = _epoch;
            GoOn();
        }
        else
        {
            Train();
        }
    });

    private void GoOn()
    {
        if (!IsInSlot || _waitsAfter is not { } epoch || !_verdicts.TryGetValue(epoch, out var verdict))
        {
            return;
        }

        _waitsAfter = null;
        switch (verdict)
        {
            case Verdict.Continue: Train(); break;
            case Verdict.Pause: End(new AttemptEvent.Released("paused")); break;
            default: End(new AttemptEvent.Stopped()); break;
        }
    }

    private void Report(AttemptEvent happened) => core.Report(grant.Trial, grant.Lease, happened);

    private CheckpointFile FileOfEpoch() => new(_epoch, 0, $"{grant.Trial.Number}-{(_isUsers ? _epoch / (grant.Trial.Number % 2 == 0 ? 2 : 4) : _epoch)}", 1);

    private EpochReport ReportOfEpoch() => new(_epoch, ImmutableSortedDictionary<string, double>.Empty
        .Add("value", (grant.Trial.Number * 7 % 5) + _epoch - (_isUsers ? grant.Lease : 0))
        .Add(Promises.Lease, grant.Lease));
}
