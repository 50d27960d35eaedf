using System.Collections.Concurrent;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Results;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <content>Workers at fault: an order to drain that the head gives itself, from what it reads in the events.</content>
internal sealed partial class DispatchGrain
{
    /// <summary>Events that are read again at the start; a failure from before them is forgotten.</summary>
    private const int EventsRemembered = 20_000;

    private readonly WorkerCharges _charges = new();
    private readonly ConcurrentQueue<(SweepId Sweep, IReadOnlyList<SweepChange> Changes)> _heard = new();

    private void RememberFailures()
    {
        store.Told += Heard;
        foreach (var row in store.Reader.LastMoves(EventsRemembered, SweepEvent.StateKind, WorkerCharges.QuarantinedEvent))
        {
            TrialId? trial = row.Number is { } number ? new TrialId(SweepId.Parse(row.Sweep), (int)number) : null;
            _charges.Hear(new TrialMove(trial, (int)(row.Configuration ?? 0), row.Kind, row.FromState, row.ToState, row.Reason, row.Actor, row.Worker, (int)(row.Attempt ?? 0)));
        }

        foreach (var trial in _charges.Open)
        {
            foreach (var report in store.Reader.Reports(trial))
            {
                _charges.Progressed(trial, (int)report.Attempt);
            }
        }
    }

    /// <summary>On the writer's thread.</summary>
    private void Heard(SweepId sweep, IReadOnlyList<SweepChange> changes) => _heard.Enqueue((sweep, changes));

    private async Task QuarantineAsync()
    {
        while (_heard.TryDequeue(out var heard))
        {
            Take(heard.Sweep, heard.Changes);
        }

        foreach (var (worker, found) in _charges.ToQuarantine([.. _dispatcher.Fleet.Workers.Where(worker => worker.State == WorkerState.Ready).Select(worker => worker.Name)]))
        {
            await QuarantineAsync(worker, found);
        }
    }

    private async Task QuarantineAsync(string worker, Accusation found)
    {
        try
        {
            await OrderAsync(worker, new SweepAction(FleetWorker.Head, found.Reason));
            _charges.Clear(worker);
            LogQuarantined(worker, found.Reason);
            foreach (var sweep in found.Sweeps)
            {
                await store.Writer.WriteAsync(sweep, [new SweepChange.EventAdded(new SweepEvent(null, WorkerCharges.QuarantinedEvent, null, null, $"worker {worker} gets no more trials: {found.Reason}", worker, time.GetUtcNow()))]);
            }
        }
        catch (DatabaseException error)
        {
            LogNotQuarantined(error, worker);
        }
    }

    private void Take(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        var records = changes.Select(change => change switch
        {
            SweepChange.TrialAdded(var trial) => trial,
            SweepChange.TrialUpdated(var trial, _) => trial,
            _ => null,
        }).OfType<TrialRecord>().ToLookup(trial => trial.Number);
        foreach (var change in changes)
        {
            if (change is SweepChange.ReportAdded report)
            {
                _charges.Progressed(new TrialId(sweep, report.Trial), report.Attempt);
            }
            else if (change is SweepChange.EventAdded({ Kind: SweepEvent.StateKind, Trial: { } number } moved) && records[number].LastOrDefault() is { } trial)
            {
                _charges.Hear(new TrialMove(new TrialId(sweep, number), trial.Configuration, moved.Kind, moved.From, moved.To, moved.Reason, moved.By, trial.Worker, moved.Attempt ?? 0));
            }
        }
    }
}
