using System.Collections.Immutable;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>What the shipped SQL does, in memory: fences, atomic, the last words on an epoch or a checkpoint stand.</summary>
internal sealed class ModelStore : ISimulatedStore
{
    private ImmutableDictionary<SweepId, Rows> _sweeps = ImmutableDictionary<SweepId, Rows>.Empty;

    public WriteOutcome Apply(SweepId sweep, ImmutableArray<SweepChange> changes, bool isFull)
    {
        if (isFull)
        {
            throw new DatabaseException("the disk is full", "make room");
        }

        var rows = _sweeps.GetValueOrDefault(sweep);
        foreach (var change in changes)
        {
            if (Applied(rows, change) is not { } applied)
            {
                return WriteOutcome.Fenced;
            }

            rows = applied;
        }

        _sweeps = _sweeps.SetItem(sweep, rows!);
        return WriteOutcome.Applied;
    }

    public RestoredSweep Load(SweepId sweep)
    {
        var rows = _sweeps[sweep];
        return new RestoredSweep(
            rows.Sweep,
            [.. rows.Trials.Values.Select(trial => trial with { EarlierCheckpoint = EarlierOf(rows, trial) })],
            [.. rows.Reports.Values],
            [.. rows.Checkpoints]);
    }

    /// <summary>The planted fault: lease numbers were remembered by the head alone.</summary>
    public void ForgetLeases(SweepId sweep) => _sweeps = _sweeps.SetItem(sweep, _sweeps[sweep] with
    {
        Trials = _sweeps[sweep].Trials.SetItems(_sweeps[sweep].Trials.Select(row => KeyValuePair.Create(row.Key, row.Value with { Lease = 0 }))),
    });

    public void Dispose()
    {
    }

    private static CheckpointFile? EarlierOf(Rows rows, TrialRecord trial) => trial.Checkpoint is not { } latest ? null : rows.Checkpoints
        .Where(stored => stored.Trial == trial.Number && latest.IsAfter(stored.Checkpoint) && latest.Digest != stored.Checkpoint.Digest)
        .OrderBy(stored => (stored.Checkpoint.Epoch, stored.Checkpoint.Batch))
        .LastOrDefault()?.Checkpoint;

    private static Predicate<StoredCheckpoint> Is(int trial, CheckpointFile file) => stored =>
        stored.Trial == trial && (stored.Checkpoint.Epoch, stored.Checkpoint.Batch) == (file.Epoch, file.Batch);

    private static Rows? Applied(Rows? rows, SweepChange change)
    {
        switch (change)
        {
            case SweepChange.SweepAdded(var sweep):
                return new Rows(sweep, ImmutableSortedDictionary<int, TrialRecord>.Empty, ImmutableSortedDictionary<(int, int), StoredReport>.Empty, []);
            case SweepChange.SweepUpdated(var sweep):
                return rows! with { Sweep = sweep };
            case SweepChange.TrialAdded(var trial):
                return rows! with { Trials = rows.Trials.Add(trial.Number, trial) };
            case SweepChange.TrialUpdated(var trial, var held):
                return rows!.Trials[trial.Number] is { } before && before.Lease == held && !before.State.IsForGood()
                    ? rows with { Trials = rows.Trials.SetItem(trial.Number, trial) }
                    : null;
            case SweepChange.ReportAdded(var trial, var lease, var attempt, var report, var time):
                return rows!.Trials[trial].Lease != lease ? null
                    : rows with { Reports = rows.Reports.SetItem((trial, report.Epoch), new StoredReport(trial, attempt, report, time)) };
            case SweepChange.ReportsSuperseded(var trial, var lease, var epoch):
                return rows!.Trials[trial].Lease != lease ? null
                    : rows with { Reports = rows.Reports.RemoveRange(rows.Reports.Keys.Where(key => key.Trial == trial && key.Epoch > epoch)) };
            case SweepChange.CheckpointAdded(var trial, var lease, var attempt, var checkpoint, var time):
                return rows!.Trials[trial].Lease != lease ? null
                    : rows with { Checkpoints = rows.Checkpoints.RemoveAll(Is(trial, checkpoint)).Add(new StoredCheckpoint(trial, attempt, checkpoint, time)) };
            case SweepChange.CheckpointDropped(var trial, var checkpoint):
                return rows! with { Checkpoints = rows.Checkpoints.RemoveAll(Is(trial, checkpoint)) };
            case SweepChange.CheckpointFileLost(var trial, var digest):
                return rows! with { Checkpoints = rows.Checkpoints.RemoveAll(stored => stored.Trial == trial && stored.Checkpoint.Digest == digest) };
            default:
                return rows;
        }
    }

    private sealed record Rows(
        SweepRecord Sweep,
        ImmutableSortedDictionary<int, TrialRecord> Trials,
        ImmutableSortedDictionary<(int Trial, int Epoch), StoredReport> Reports,
        ImmutableList<StoredCheckpoint> Checkpoints);
}
