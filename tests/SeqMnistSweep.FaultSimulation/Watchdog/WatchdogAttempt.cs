using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.FaultSimulation.Watchdog;

/// <summary>An attempt whose program misbehaves; the shipped core drives it.</summary>
internal sealed class WatchdogAttempt(WatchdogWorld world, WatchdogWorker worker, WorkerCore core, TrialGrant grant, Misbehaviour how) : IAttempt
{
    private readonly long _epochs = grant.Parameters["epochs"]!.AsInteger();
    private readonly Dictionary<int, Verdict> _verdicts = [];
    private int _epoch = how == Misbehaviour.LeavesNoCheckpoint ? 0 : grant.Resume?.Epoch ?? 0;
    private int? _waitsAfter;
    private bool _isInSlot;

    public TrialProgress? Progress => null;

    /// <summary>The epoch as the program calls it.</summary>
    private int Counted => how == Misbehaviour.CountsFromZero ? _epoch - 1 : _epoch;

    public void Enter(int slot)
    {
        _isInSlot = true;
        core.Starts(grant.Trial, grant.Lease);
        Report(new AttemptEvent.Started("cpu"));
        world.After(20, () =>
        {
            switch (how)
            {
                case Misbehaviour.ExitsAtOnce: End(new AttemptEvent.Failed(FailureCause.Crashed, "exited with code 2")); break;
                case Misbehaviour.SaysNothing: End(new AttemptEvent.Completed(null, null)); break;
                // A program that was done when it ended finds its last checkpoint and is done at once.
                case var _ when _epoch >= _epochs: End(new AttemptEvent.Completed(null, null)); break;
                default: Train(); break;
            }
        });
    }

    public void Decide(int epoch, Verdict verdict)
    {
        if (world.Planted == PlantedStandstill.VerdictsLost) return;

        _verdicts[epoch] = verdict;
        if (how == Misbehaviour.OutrunsVerdicts && _isInSlot && verdict != Verdict.Continue)
        {
            // It is told to end wherever it is by then.
            world.After(5, () => End(verdict == Verdict.Stop ? new AttemptEvent.Stopped() : new AttemptEvent.Released("drained")));
        }

        GoOn();
    }

    public void GiveBack() => End(new AttemptEvent.Released("drained"));

    public void Stop(string reason) => End(new AttemptEvent.Stopped());

    public void Forget()
    {
    }

    private void End(AttemptEvent last)
    {
        if (!_isInSlot || !worker.Runs(core)) return;

        _isInSlot = false;
        Report(last);
        core.Leave(grant.Trial, grant.Lease);
    }

    private void Train() => world.After(how == Misbehaviour.OutrunsVerdicts ? 1 : world.Chance.Between(10, 400), () =>
    {
        if (!_isInSlot || !worker.Runs(core)) return;

        _epoch++;
        Told(1.0 / _epoch);
        if (how == Misbehaviour.ReportsTwice)
        {
            Told(2.0 / _epoch);
        }

        var isLast = _epoch >= _epochs;
        switch (how)
        {
            case Misbehaviour.EndsBySignal:
                End(world.Planted == PlantedStandstill.KillsToldAsReleases
                    ? new AttemptEvent.Released("drained")
                    : new AttemptEvent.Killed("the program was ended by SIGTERM"));
                break;
            case Misbehaviour.KillsItsWorker: worker.Crash(); break;
            default:
                if (isLast)
                {
                    End(new AttemptEvent.Completed(null, null));
                }
                else if (grant.Rungs.Contains(Counted) && how != Misbehaviour.OutrunsVerdicts)
                {
                    _waitsAfter = Counted;
                    GoOn();
                }
                else
                {
                    Train();
                }

                break;
        }
    });

    private void Told(double value)
    {
        var metrics = ImmutableSortedDictionary<string, double>.Empty
            .Add(how == Misbehaviour.MisnamesMetric ? "valu" : "value", how == Misbehaviour.ReportsNaN ? double.NaN : value + grant.Trial.Number)
            .Add("size", grant.Trial.Number);
        var leaves = how != Misbehaviour.LeavesNoCheckpoint && _epoch % grant.CheckpointEvery == 0;
        var digest = how == Misbehaviour.RepeatsCheckpoint ? "same" : $"{grant.Trial.Number}-{_epoch}";
        Report(new AttemptEvent.Reported(
            new EpochReport(Counted, metrics), leaves ? new CheckpointFile(_epoch, 0, digest, 1) : null));
    }

    private void GoOn()
    {
        if (!_isInSlot || _waitsAfter is not { } epoch || !_verdicts.TryGetValue(epoch, out var verdict)) return;

        _waitsAfter = null;
        switch (verdict)
        {
            case Verdict.Continue: Train(); break;
            case Verdict.Pause: End(new AttemptEvent.Released("paused")); break;
            default: End(new AttemptEvent.Stopped()); break;
        }
    }

    private void Report(AttemptEvent happened) => core.Report(grant.Trial, grant.Lease, happened);
}
