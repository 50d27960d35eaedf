using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head.Workers;

/// <summary>Keeps workers at fault from trials, by an order to drain that the head gives itself: carries what was committed to
/// <see cref="WorkerHealth"/>, and out what that decides. Runs in the dispatcher's turn.</summary>
internal sealed partial class Quarantine(HeadStore store, FleetRegistry fleet, TimeProvider time, ILogger<Quarantine> logger)
{
    /// <summary>Events that are read again at the start; a failure from before them is forgotten.</summary>
    private const int EventsRemembered = 20_000;

    private readonly WorkerHealth _health = new();
    private readonly ConcurrentQueue<(SweepId Sweep, IReadOnlyList<SweepChange> Changes)> _heard = new();

    /// <summary>Takes in what earlier heads committed, and from now on what this one does.</summary>
    public void Start()
    {
        store.Told += Heard;
        foreach (var row in store.Reader.LastMoves(EventsRemembered))
        {
            if (row.Kind == EventKinds.Quarantined)
            {
                _health.Clear(row.Actor);
            }
            else if (row is { Number: { } number, FromState: { } from, ToState: { } to, Cause: { } name })
            {
                var (cause, failure) = TransitionCauseNames.Parse(name);
                _health.Note(new TrialTransition(
                    new TrialId(SweepId.Parse(row.Sweep), (int)number), (int)row.Configuration!, StateNames.Parse<TrialState>(from),
                    StateNames.Parse<TrialState>(to), cause, failure, row.Reason, row.Actor, row.Worker, (int)(row.Attempt ?? 0)));
            }
        }

        foreach (var trial in _health.Open)
        {
            foreach (var report in store.Reader.Reports(trial))
            {
                _health.Progressed(trial, (int)report.Attempt);
            }
        }
    }

    public void Stop() => store.Told -= Heard;

    /// <summary>What is held against the worker is forgotten.</summary>
    public void Clear(string worker) => _health.Clear(worker);

    /// <summary>On the writer's thread.</summary>
    private void Heard(SweepId sweep, IReadOnlyList<SweepChange> changes) => _heard.Enqueue((sweep, changes));

    /// <summary>To be called now and then.</summary>
    public async Task CheckAsync()
    {
        while (_heard.TryDequeue(out var heard))
        {
            Take(heard.Sweep, heard.Changes);
        }

        var ready = fleet.Workers.Where(worker => worker.State == WorkerState.Ready).Select(worker => worker.Name);
        foreach (var (worker, found) in _health.ToQuarantine([.. ready]))
        {
            await QuarantineAsync(worker, found);
        }
    }

    private async Task QuarantineAsync(string worker, QuarantineCause found)
    {
        try
        {
            await fleet.DrainAsync(worker, new SweepAction(FleetWorker.Head, found.Reason));
            _health.Clear(worker);
            LogQuarantined(worker, found.Reason);
            foreach (var sweep in found.Sweeps)
            {
                var quarantined = new SweepEvent(
                    new Occurrence.WorkerQuarantined(worker), $"worker {worker} gets no more trials: {found.Reason}", worker, time
                        .GetUtcNow());
                await store.Writer.WriteAsync(sweep, [new SweepChange.EventAdded(quarantined)]);
            }
        }
        catch (DatabaseException error)
        {
            LogNotQuarantined(error, worker);
        }
    }

    private static bool IsFailure(SweepChange change) =>
        change is SweepChange.EventAdded({ What: Occurrence.TrialMoved { Failure: not null } });

    private void Take(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        // Nearly always: nothing has failed, so nothing that goes well changes anything.
        if (_health.IsClear && !changes.Any(IsFailure)) return;

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
                _health.Progressed(new TrialId(sweep, report.Trial), report.Attempt);
            }
            else if (
                change is SweepChange.EventAdded({ What: Occurrence.TrialMoved moved } entry)
                    && records[moved.Trial].LastOrDefault() is { } trial)
            {
                _health.Note(new TrialTransition(
                    new TrialId(sweep, moved.Trial), trial.Configuration, moved.From, moved.To, moved.Cause, moved.Failure, entry.Reason,
                    entry.By, trial.Worker, moved.Attempt));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} is quarantined: {Reason}")]
    private partial void LogQuarantined(string worker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} is at fault, which could not be stored.")]
    private partial void LogNotQuarantined(Exception error, string worker);
}
