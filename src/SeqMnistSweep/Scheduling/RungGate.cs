using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>Asks the pruner. A trial that pauses at a rung is paused in the transaction of its report, while its runner still gives back
/// the slot: so a paused trial is one that waits at a rung, and any other that has been there was let through.</summary>
internal sealed class RungGate(
    SweepLedger ledger, TrialStateMachine trials, SearchDriver search, CheckpointRules checkpoints, IPruner? pruner)
{
    public bool IsPromoter => pruner is IPromoter;

    /// <summary>Epochs of the trial after which its runner waits for a verdict.</summary>
    public IEnumerable<int> RungsOf(TrialRecord trial) =>
        pruner is null || LastEpochOf(trial) is not { } last ? [] : Ask(() => Enumerable.Range(1, last - 1).Where(pruner.IsRung).ToList());

    /// <summary>What becomes of a running trial that has reported; the reason is null where it goes on.</summary>
    /// <param name="value">Of the metric; null where the report lacks it.</param>
    public (Verdict Verdict, TransitionCause Cause, string? Reason) Judge(TrialRecord trial, int epoch, double? value)
    {
        if (pruner is null || epoch >= LastEpochOf(trial)) return default;

        if (value is { } told && !double.IsFinite(told))
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"{ledger.Definition.Metric.Name} was {told:R} after epoch {epoch}");
            return (Verdict.Stop, TransitionCause.NotFinite, reason);
        }

        return Ask(() => pruner.Judge(CurveOf(trial.Number), Others(trial.Number))) switch
        {
            Verdict.Pause when ledger.Sweep.State == SweepState.Stopping =>
                (Verdict.Stop, TransitionCause.SweepEnded, $"the sweep was stopping when it had to wait after epoch {epoch}"),
            Verdict.Pause => (Verdict.Pause, TransitionCause.AtRung, $"waits after epoch {epoch}"),
            Verdict.Stop when pruner.Convergence(CurveOf(trial.Number)) is { } convergence =>
                (Verdict.Stop, TransitionCause.Converged, $"{ledger.Definition.EarlyTerminate!.Type}: {convergence}"),
            Verdict.Stop =>
                (Verdict.Stop, TransitionCause.Pruned, $"{ledger.Definition.EarlyTerminate!.Type} stopped it after epoch {epoch}"),
            _ => default,
        };
    }

    /// <summary>Queues the paused trials that go on now.</summary>
    /// <returns>One of them; null when there is none.</returns>
    public int? Promote(DateTimeOffset now)
    {
        var promotions = Promotions();
        foreach (var promotion in promotions)
        {
            if (promotion.Instead is not { } instead || !Replace(ledger.Trials[promotion.Trial], instead, promotion.Reason, now))
            {
                var why = new Transition(TransitionCause.Promoted, promotion.Reason, SweepLedger.Schedule, now);
                trials.Move(ledger.Trials[promotion.Trial], TrialState.Queued, why);
            }
        }

        return promotions.Count > 0 ? promotions[0].Trial : null;
    }

    /// <summary>The paused trials that may go on now.</summary>
    public IReadOnlyList<Promotion> Promotions() => pruner is IPromoter promoter && ledger.Index.Count[TrialState.Paused] > 0
        ? Ask(() => promoter.Next(
            [.. ledger.Trials.Keys.Select(CurveOf)],
            isLast: ledger.Index.Active.Count == 0 && ledger.Index.Queued.Count == 0 && !search.HasMore))
        : [];

    /// <summary>The order at every rung is final, and the trials that wait are not among those that go on.</summary>
    public void EndPaused(DateTimeOffset now)
    {
        foreach (var trial in ledger.Waiting.Where(trial => trial.State == TrialState.Paused))
        {
            End(trial, TransitionCause.Outranked, $"others went on from epoch {trial.Epoch}, and nothing can change that", now);
        }
    }

    /// <summary>The epoch after which the trial ends by itself; null for a program that is not known to tell.</summary>
    private int? LastEpochOf(TrialRecord trial)
    {
        var trainable = TrainableCatalog.Find(ledger.Definition.Program);
        var epochs = trial.Parameters[TrainableDescription.Epochs] ?? trainable?.Find(TrainableDescription.Epochs)?.Default;
        return epochs is { Kind: ParameterKind.Integer } given
            ? (int)Math.Clamp(given.AsInteger(), 1, EpochReport.MaxEpoch)
            : trainable is null or { Name: TrainableCatalog.Asked } ? null : 1;
    }

    /// <returns>False when the other's checkpoint is not of its last epoch: there is nothing to go on from.</returns>
    private bool Replace(TrialRecord trial, Replacement by, string reason, DateTimeOffset now)
    {
        var model = ledger.Trials[by.From];
        if (model.Checkpoint is not { } checkpoint || checkpoint.Epoch != model.Epoch) return false;

        End(trial, TransitionCause.Replaced, reason, now);
        var number = search.AddNew(by.Parameters, _ => $"copy of trial {by.From} after epoch {checkpoint.Epoch}", now)[0];
        var copy = ledger.Update(ledger.Trials[number] with { Checkpoint = checkpoint });
        ledger.Add(new SweepChange.CheckpointAdded(number, copy.Lease, copy.Attempts, checkpoint, now, by.From));
        return true;
    }

    private void End(TrialRecord trial, TransitionCause cause, string reason, DateTimeOffset now)
    {
        var why = new Transition(cause, reason, SweepLedger.Schedule, now);
        trial = trials.Move(trial, TrialState.Pruned, why, trial => trial with { Finished = now });
        checkpoints.End(trial);
        ledger.Reports.End(trial);
    }

    private T Ask<T>(Func<T> ask) => DecisionFailedException.Guard(
        SweepCause.PrunerFailed, $"pruner {ledger.Definition.EarlyTerminate?.Type ?? ledger.Method.Name}", ask);

    private IEnumerable<LearningCurve> Others(int number) => ledger.Reports.WithCurve.Where(other => other != number).Select(CurveOf);

    private LearningCurve CurveOf(int number)
    {
        var trial = ledger.Trials[number];
        return new LearningCurve(number, trial.State, ledger.Reports.CurveOf(number))
        {
            Configuration = trial.Configuration,
            Parameters = trial.Parameters,
        };
    }
}
