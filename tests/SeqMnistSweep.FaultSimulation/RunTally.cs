using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>What came about in a run, by what was committed. A guarantee that was never put to the test was not kept, it was not asked for.</summary>
internal sealed class RunTally
{
    private readonly Dictionary<SweepId, int> _priorities = [];
    private readonly Dictionary<TrialId, TrialRecord> _trials = [];
    private readonly HashSet<TrialId> _preempted = [];
    private readonly HashSet<(SweepId Sweep, int Trial, CheckpointFile File)> _files = [];

    /// <summary>Trials that gave their slot to a sweep of higher priority and went on later from a checkpoint.</summary>
    public int Preempted { get; private set; }

    /// <summary>Trials that failed at one worker and were tried again at another.</summary>
    public int RetriedElsewhere { get; private set; }

    /// <summary>Grants to a sweep while another of the same priority had slots too.</summary>
    public int Shared { get; private set; }

    /// <summary>Attempts that began before the last epoch that an earlier one had reported.</summary>
    public int Superseded { get; private set; }

    /// <summary>Checkpoints dropped while another of the trial had the same bytes.</summary>
    public int SharedFiles { get; private set; }

    /// <summary>Epochs that a program reported beyond its rung before it heard the verdict.</summary>
    public int Outrun { get; set; }

    /// <summary>Sweeps whose file got a value more.</summary>
    public int Edited { get; set; }

    /// <summary>Those that had ended before.</summary>
    public int Reopened { get; set; }

    public void Committed(SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.SweepAdded(var added): _priorities.Add(sweep, added.Priority); break;
                case SweepChange.TrialAdded(var added): Moves(new TrialId(sweep, added.Number), null, added); break;
                case SweepChange.TrialUpdated(var updated, _): Moves(new TrialId(sweep, updated.Number), _trials[new TrialId(sweep, updated.Number)], updated); break;
                case SweepChange.ReportsSuperseded: Superseded++; break;
                case SweepChange.CheckpointAdded(var trial, _, _, var file, _): _files.Add((sweep, trial, file)); break;
                case SweepChange.CheckpointDropped(var trial, var file):
                    _files.Remove((sweep, trial, file));
                    SharedFiles += _files.Any(other => other.Sweep == sweep && other.Trial == trial && other.File.Digest == file.Digest) ? 1 : 0;
                    break;
                case SweepChange.CheckpointFileLost(var trial, var digest): _files.RemoveWhere(file => file.Sweep == sweep && file.Trial == trial && file.File.Digest == digest); break;
                case SweepChange.EventAdded({ What: Occurrence.TrialMoved { To: TrialState.Paused, Cause: TransitionCause.Preempted } moved }):
                    _preempted.Add(new TrialId(sweep, moved.Trial));
                    break;
            }
        }
    }

    private void Moves(TrialId id, TrialRecord? before, TrialRecord trial)
    {
        _trials[id] = trial;
        if (trial.Lease == (before?.Lease ?? 0))
        {
            return;
        }

        Preempted += _preempted.Remove(id) && trial.Checkpoint is not null ? 1 : 0;
        RetriedElsewhere += before?.NotBefore is not null && before.Worker != trial.Worker ? 1 : 0;
        Shared += _trials.Any(other => other.Key.Sweep != id.Sweep && other.Value.State.IsActive() && _priorities[other.Key.Sweep] == _priorities[id.Sweep]) ? 1 : 0;
    }
}
