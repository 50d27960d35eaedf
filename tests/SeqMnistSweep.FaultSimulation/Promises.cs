using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>
/// The guarantees, checked at every step by somebody who sees all: what is on the disk, what was granted to whom, what the head says is safe.
/// Every report and every last word carries the lease that it was made under, so that a stale holder's is known wherever it turns up.
/// </summary>
internal sealed class Promises
{
    /// <summary>The one metric in which two runs of an epoch may differ: it carries the lease.</summary>
    public const string Lease = "epoch_seconds";

    private readonly Dictionary<TrialId, TrialRecord> _trials = [];
    private readonly Dictionary<TrialId, List<double>> _reports = [];
    private readonly Dictionary<TrialId, Dictionary<(int Epoch, int Batch), CheckpointFile>> _checkpoints = [];
    private readonly Dictionary<TrialId, int> _ends = [];
    private readonly Dictionary<(TrialId Trial, long Lease), string> _holders = [];
    private readonly HashSet<(TrialId Trial, long Lease)> _begun = [];
    private readonly HashSet<(TrialId Trial, int Epoch)> _acknowledged = [];
    private readonly Dictionary<TrialId, int> _firstEpochs = [];
    private readonly HashSet<TrialId> _damaged = [];
    private readonly Dictionary<SweepId, SweepState> _sweeps = [];
    private readonly HashSet<SweepId> _reopening = [];

    public int Acknowledged => _acknowledged.Count;

    public int Reports => _reports.Values.Sum(reports => reports.Count);

    public bool AreAllOver => _sweeps.Values.All(state => state.IsFinal());

    /// <summary>A transaction is on the disk.</summary>
    public void Committed(SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.SweepAdded(var added): _sweeps.Add(sweep, added.State); break;
                case SweepChange.SweepUpdated(var updated): SweepMoves(updated); break;
                case SweepChange.TrialAdded(var added): TrialBegins(new TrialId(sweep, added.Number), added); break;
                case SweepChange.TrialUpdated(var updated, _): TrialMoves(new TrialId(sweep, updated.Number), updated); break;
                case SweepChange.ReportAdded added: Report(new TrialId(sweep, added.Trial), added); break;
                case SweepChange.ReportsSuperseded(var trial, _, var epoch): Supersede(new TrialId(sweep, trial), epoch); break;
                case SweepChange.CheckpointAdded(var trial, _, _, var file, _): CheckpointsOf(new TrialId(sweep, trial))[(file.Epoch, file.Batch)] = file; break;
                case SweepChange.CheckpointFileLost(var trial, var digest):
                    _damaged.Add(new TrialId(sweep, trial));
                    foreach (var (at, _) in CheckpointsOf(new TrialId(sweep, trial)).Where(row => row.Value.Digest == digest).ToList())
                    {
                        CheckpointsOf(new TrialId(sweep, trial)).Remove(at);
                    }

                    break;
                case SweepChange.CheckpointDropped(var trial, var file): CheckpointsOf(new TrialId(sweep, trial)).Remove((file.Epoch, file.Batch)); break;
                case SweepChange.EventAdded({ What: Occurrence.TrialMoved moved }): Ends(new TrialId(sweep, moved.Trial), moved.To); break;
            }
        }
    }

    /// <summary>The head answers: these events need not be sent again.</summary>
    public void Acknowledging(ExchangeRequest request, ExchangeReply reply)
    {
        foreach (var told in request.Events.Where(told => told.Sequence <= reply.Acknowledged && !reply.Unsettled.Contains(told.Trial.Sweep)))
        {
            // Nothing is promised to a stale holder, nor to one whose trial has ended without it.
            if (told.Event is not AttemptEvent.Reported(var report, _) || _trials[told.Trial] is not { } trial || trial.Lease != told.Lease)
            {
                continue;
            }

            var isStored = FirstEpochOf(told.Trial) + ReportsOf(told.Trial).Count > report.Epoch;
            if (!isStored && trial.State is TrialState.Leased or TrialState.Running)
            {
                throw new BrokenPromiseException($"epoch {report.Epoch} of {told.Trial} is acknowledged and not on the disk", told.Trial.ToString());
            }

            if (isStored)
            {
                _acknowledged.Add((told.Trial, report.Epoch));
            }
        }

        foreach (var grant in reply.Grants)
        {
            // One that was given up within the transaction it was granted in is passed over on the disk: stale from the start, never used again.
            var holder = _holders.GetValueOrDefault((grant.Trial, grant.Lease), "nobody");
            if (holder != request.Holder.Incarnation && !(holder == "nobody" && _trials[grant.Trial].Lease > grant.Lease))
            {
                throw new BrokenPromiseException($"{grant.Trial} is granted to {request.Holder.Incarnation} under lease {grant.Lease}, which is {holder}'s by the disk", grant.Trial.ToString());
            }
        }
    }

    /// <summary>A worker begins to run a grant.</summary>
    public void Begins(TrialGrant grant, SimulatedFiles files)
    {
        if (!_begun.Add((grant.Trial, grant.Lease)))
        {
            throw new BrokenPromiseException($"{grant.Trial} runs twice under lease {grant.Lease}", grant.Trial.ToString());
        }

        if (_trials[grant.Trial] is { } trial && trial.Lease == grant.Lease && trial.State.IsActive() && grant.Resume is { } file
            && !(CheckpointsOf(grant.Trial).ContainsValue(file) && files.Has(grant.Trial, file)))
        {
            throw new BrokenPromiseException($"{grant.Trial} is to go on from {file}, which was dropped", grant.Trial.ToString());
        }
    }

    /// <summary>What a head reads when it starts, or a sweep when its last write failed.</summary>
    public void Read(RestoredSweep stored)
    {
        if (stored.Trials.Count != _trials.Keys.Count(trial => trial.Sweep == stored.Sweep.Id) || stored.Sweep.State != _sweeps[stored.Sweep.Id])
        {
            throw new BrokenPromiseException($"the database gives back sweep {stored.Sweep.Id} otherwise than it was committed");
        }

        var reports = stored.Reports.ToLookup(report => report.Trial, report => report.Report);
        foreach (var trial in stored.Trials)
        {
            var id = new TrialId(stored.Sweep.Id, trial.Number);
            var known = _trials[id];
            if ((trial.State, trial.Lease, trial.Attempts, trial.Epoch, trial.Value, trial.LossesInARow, trial.Checkpoint, trial.Incarnation)
                != (known.State, known.Lease, known.Attempts, known.Epoch, known.Value, known.LossesInARow, known.Checkpoint, known.Incarnation)
                || !reports[trial.Number].Select(report => (report.Epoch, report["value"])).SequenceEqual(
                    ReportsOf(id).Select((value, index) => (FirstEpochOf(id) + index, (double?)value))))
            {
                throw new BrokenPromiseException($"the database gives back {id} otherwise than it was committed", id.ToString());
            }
        }
    }

    /// <summary>Nothing goes wrong any more, and every sweep says that it is over.</summary>
    public void AtTheEnd(IEnumerable<RestoredSweep> stored)
    {
        foreach (var sweep in stored)
        {
            Read(sweep);
        }

        foreach (var (id, trial) in _trials)
        {
            var reports = FirstEpochOf(id) - 1 + ReportsOf(id).Count;
            if (trial.Value != ReportsOf(id).Select(value => (double?)value).Max())
            {
                throw new BrokenPromiseException($"{id} has the value {trial.Value}, which no report that counts has", id.ToString());
            }

            if (!trial.State.IsFinal() || (trial.State == TrialState.Completed && reports != SimulatedSweep.Epochs) || trial.State == TrialState.Failed && trial.Cause != FailureCause.Poison)
            {
                throw new BrokenPromiseException($"{id} is {trial.State.ToName()} {trial.Cause?.ToName()} with {reports} epochs in the end", id.ToString());
            }
        }

        if (_acknowledged.FirstOrDefault(told => FirstEpochOf(told.Trial) + ReportsOf(told.Trial).Count <= told.Epoch) is { Epoch: > 0 } lost)
        {
            throw new BrokenPromiseException($"epoch {lost.Epoch} of {lost.Trial} was acknowledged and is lost", lost.Trial.ToString());
        }
    }

    public BrokenPromiseException NeverEnds()
    {
        var open = _trials.Where(trial => !trial.Value.State.IsFinal()).Select(trial => trial.Key).Order(Comparer<TrialId>.Create((a, b) => a.Number.CompareTo(b.Number))).ToList();
        return open.Count == 0
            ? new BrokenPromiseException($"a sweep never ends although its trials have: {string.Join(", ", _sweeps.Select(sweep => $"{sweep.Key} is {sweep.Value.ToName()}"))}")
            : new BrokenPromiseException($"nothing goes wrong any more, and still these never end: {string.Join(", ", open.Select(id => $"{id} ({_trials[id].State.ToName()})"))}", open[0].ToString());
    }

    /// <summary>Its file was edited.</summary>
    public void MayReopen(SweepId sweep) => _reopening.Add(sweep);

    private void SweepMoves(SweepRecord sweep)
    {
        if (_sweeps[sweep.Id].IsFinal() && sweep.State != _sweeps[sweep.Id] && !_reopening.Contains(sweep.Id))
        {
            throw new BrokenPromiseException($"sweep {sweep.Id} was {_sweeps[sweep.Id].ToName()} and is {sweep.State.ToName()}");
        }

        _sweeps[sweep.Id] = sweep.State;
    }

    /// <summary>Often added and granted in one transaction.</summary>
    private void TrialBegins(TrialId id, TrialRecord trial)
    {
        if (trial.Purpose == TrialPurpose.Confirmation && _trials.Any(other => other.Key.Sweep == id.Sweep
            && other.Value is { Purpose: TrialPurpose.Confirmation, StateCause: not TransitionCause.SweepEnded }
            && (other.Value.Configuration, other.Value.Seed) == (trial.Configuration, trial.Seed)))
        {
            throw new BrokenPromiseException($"{id} confirms configuration {trial.Configuration} a second time under seed {trial.Seed}", id.ToString());
        }

        _trials.Add(id, trial);
        if (trial.Lease > 0)
        {
            _holders.Add((id, trial.Lease), trial.Incarnation!);
        }
    }

    private void TrialMoves(TrialId id, TrialRecord trial)
    {
        var before = _trials[id];
        if (before.State.IsFinal())
        {
            throw new BrokenPromiseException($"{id} was {before.State.ToName()} and is {trial.State.ToName()}", id.ToString());
        }

        if (trial.Lease < before.Lease || trial.FurthestEpoch < before.FurthestEpoch)
        {
            throw new BrokenPromiseException($"{id} goes back: lease {before.Lease} to {trial.Lease}, epoch {before.FurthestEpoch} to {trial.FurthestEpoch}", id.ToString());
        }

        if (trial.Lease > before.Lease && !_holders.TryAdd((id, trial.Lease), trial.Incarnation!))
        {
            throw new BrokenPromiseException($"lease {trial.Lease} of {id} is given to {trial.Incarnation}, and was {_holders[(id, trial.Lease)]}'s", id.ToString());
        }

        if (trial.State == TrialState.Completed && trial.TestLoss != trial.Lease)
        {
            throw new BrokenPromiseException($"{id} is completed by the holder of lease {trial.TestLoss}, under lease {trial.Lease}", id.ToString());
        }

        _trials[id] = trial;
    }

    private void Report(TrialId id, SweepChange.ReportAdded added)
    {
        if (added.Report[Lease] != added.Lease)
        {
            throw new BrokenPromiseException($"epoch {added.Report.Epoch} of {id} was reported under lease {added.Report[Lease]} and stored under {added.Lease}", id.ToString());
        }

        if (ReportsOf(id).Count == 0)
        {
            // The first epoch of a copy is the one after its model's checkpoint.
            _firstEpochs[id] = _trials[id].Origin?.StartsWith("copy", StringComparison.Ordinal) == true ? added.Report.Epoch : 1;
        }

        if (added.Report.Epoch != FirstEpochOf(id) + ReportsOf(id).Count)
        {
            throw new BrokenPromiseException($"epoch {added.Report.Epoch} of {id} follows {ReportsOf(id).Count} epochs", id.ToString());
        }

        ReportsOf(id).Add(added.Report["value"] ?? double.NaN);
    }

    private void Ends(TrialId id, TrialState state)
    {
        if (state.IsFinal() && ++System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_ends, id, out _) > 1)
        {
            throw new BrokenPromiseException($"{id} ends a second time, as {state.ToName()}", id.ToString());
        }
    }

    private List<double> ReportsOf(TrialId id) => _reports.TryGetValue(id, out var reports) ? reports : _reports[id] = [];

    private Dictionary<(int Epoch, int Batch), CheckpointFile> CheckpointsOf(TrialId id) =>
        _checkpoints.TryGetValue(id, out var files) ? files : _checkpoints[id] = [];

    private int FirstEpochOf(TrialId id) => _firstEpochs.GetValueOrDefault(id, 1);

    /// <summary>What an attempt begins without is what is beyond every checkpoint, and no more.</summary>
    private void Supersede(TrialId id, int epoch)
    {
        if (!_damaged.Contains(id) && CheckpointsOf(id).Keys.Any(file => file.Epoch > epoch))
        {
            throw new BrokenPromiseException($"{id} begins after epoch {epoch} and has a later checkpoint", id.ToString());
        }

        var kept = Math.Max(0, epoch - FirstEpochOf(id) + 1);
        ReportsOf(id).RemoveRange(Math.Min(kept, ReportsOf(id).Count), Math.Max(0, ReportsOf(id).Count - kept));
        _acknowledged.RemoveWhere(told => told.Trial == id && told.Epoch > epoch);
    }
}
