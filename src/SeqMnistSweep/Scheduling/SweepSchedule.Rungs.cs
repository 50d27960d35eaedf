using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>
/// What the pruner decides. A trial that pauses at a rung is paused at once, in the transaction of its report, while its runner still gives
/// back the slot: so a trial that is paused is one that waits at a rung, and any other that has been there was let through.
/// </content>
public sealed partial class SweepSchedule
{
    private Verdict Judge(TrialRecord trial, int epoch, double? value, DateTimeOffset now)
    {
        if (_pruner is null || epoch >= LastEpochOf(trial))
        {
            return Verdict.Continue;
        }

        if (value is { } told && !double.IsFinite(told))
        {
            End(trial, TrialState.Pruned, TransitionCause.NotFinite, $"{_definition.Metric.Name} was {Number(told)} after epoch {epoch}", now);
            return Verdict.Stop;
        }

        switch (_pruner.Judge(CurveOf(trial.Number), Others(trial.Number)))
        {
            case Verdict.Pause when Sweep.State != SweepState.Stopping:
                Move(trial, TrialState.Paused, TransitionCause.AtRung, $"waits after epoch {epoch}", Self, now);
                FinishIfDone(now);
                return Verdict.Pause;
            case Verdict.Pause:
                End(trial, TrialState.Pruned, TransitionCause.SweepEnded, $"the sweep was stopping when it had to wait after epoch {epoch}", now);
                return Verdict.Stop;
            case Verdict.Stop:
                End(trial, TrialState.Pruned, TransitionCause.Pruned, $"{_definition.EarlyTerminate!.Type} stopped it after epoch {epoch}", now);
                return Verdict.Stop;
            default:
                return Verdict.Continue;
        }
    }

    /// <summary>A trial that had begun and lost its slot: before those that wait at rungs, which come before new ones.</summary>
    private int? Interrupted(DateTimeOffset now, string? avoided) =>
        _pruner is IPromoter ? _index.Queued.Select(number => (int?)number).FirstOrDefault(number => _trials[number!.Value] is { Attempts: > 0 } trial && IsDue(trial, now, avoided)) : null;

    /// <summary>Queues the paused trials that go on now.</summary>
    /// <returns>One of them; null when there is none.</returns>
    private int? Promote(DateTimeOffset now)
    {
        var promotions = Promotions();
        foreach (var promotion in promotions)
        {
            if (promotion.Instead is not { } instead || !Replace(_trials[promotion.Trial], instead, promotion.Reason, now))
            {
                Move(_trials[promotion.Trial], TrialState.Queued, TransitionCause.Promoted, promotion.Reason, Self, now);
            }
        }

        return promotions.Count > 0 ? promotions[0].Trial : null;
    }

    private IReadOnlyList<Promotion> Promotions() => _pruner is IPromoter promoter && _index.Count[TrialState.Paused] > 0
        ? promoter.Next([.. _trials.Keys.Select(CurveOf)], isLast: _index.Active.Count == 0 && _index.Queued.Count == 0 && !HasMore)
        : [];

    /// <returns>False when the other's checkpoint is not of its last epoch: there is nothing to go on from.</returns>
    private bool Replace(TrialRecord trial, Replacement by, string reason, DateTimeOffset now)
    {
        var model = _trials[by.From];
        if (model.Checkpoint is not { } checkpoint || checkpoint.Epoch != model.Epoch)
        {
            return false;
        }

        EndPaused(trial, TransitionCause.Replaced, reason, now);
        var number = Add(_configurations.Count + 1, by.Parameters, 0, _ => $"copy of trial {by.From} after epoch {checkpoint.Epoch}", now)[0];
        var copy = Update(_trials[number] with { Checkpoint = checkpoint }, 0);
        _changes.Add(new SweepChange.CheckpointAdded(number, copy.Lease, copy.Attempts, checkpoint, now, by.From));
        return true;
    }

    /// <summary>The ranks are final, and these are not among those that go on.</summary>
    private void EndPaused(DateTimeOffset now)
    {
        foreach (var trial in _trials.Whole.Where(trial => trial.State == TrialState.Paused).OrderBy(trial => trial.Number).ToList())
        {
            EndPaused(trial, TransitionCause.Outranked, $"others went on from epoch {trial.Epoch}, and nothing can change that", now);
        }
    }

    private void EndPaused(TrialRecord trial, TransitionCause cause, string reason, DateTimeOffset now)
    {
        trial = Move(trial, TrialState.Pruned, cause, reason, Self, now, trial => trial with { Finished = now });
        DropCheckpoints(trial);
        _reports.End(trial);
    }

    private IEnumerable<LearningCurve> Others(int number) => _reports.WithCurve.Where(other => other != number).Select(CurveOf);

    private LearningCurve CurveOf(int number)
    {
        var trial = _trials[number];
        return new LearningCurve(number, trial.State, _reports.CurveOf(number)) { Configuration = trial.Configuration, Parameters = trial.Parameters };
    }
}
