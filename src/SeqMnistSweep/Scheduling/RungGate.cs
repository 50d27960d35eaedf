using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>Asks the pruner. A trial that pauses at a rung is paused in the transaction of its report, while its runner still gives back
/// the slot: so a paused trial is one that waits at a rung, and any other that has been there was let through.</summary>
/// <param name="copy">Gives a trial the checkpoint of another one.</param>
internal sealed class RungGate(
    SweepLedger ledger, TrialStateMachine trials, SearchDriver search, CheckpointRules checkpoints, IPruner? pruner, CopyCheckpoint copy)
{
    /// <summary>How far rungs are looked for, of a program that does not tell its last epoch, and how many are told.</summary>
    private const int FarthestRung = 10_000;
    private const int MaxRungs = 1000;

    private bool _hasToldOfNoCheckpoint;

    public bool IsPromoter => pruner is IPromoter;

    /// <summary>Epochs of the trial after which its runner waits for a verdict.</summary>
    public IEnumerable<int> RungsOf(TrialRecord trial)
    {
        if (pruner is null || !trial.IsOfSearch) return [];

        if (LastEpochOf(trial) is { } last) return Ask(() => Enumerable.Range(1, last - 1).Where(pruner.IsRung).ToList());

        return TrainableCatalog.Find(ledger.Definition.Program) is null
            ? Ask(() => Enumerable.Range(1, FarthestRung).Where(pruner.IsRung).Take(MaxRungs).ToList())
            : [];
    }

    /// <summary>What becomes of a running trial that has reported; the reason is null where it goes on.</summary>
    /// <param name="value">Of the metric.</param>
    public (Verdict Verdict, TransitionCause Cause, string? Reason) Judge(TrialRecord trial, int epoch, double value, DateTimeOffset now)
    {
        if (pruner is null || !trial.IsOfSearch || epoch >= LastEpochOf(trial)) return default;

        if (!double.IsFinite(value))
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"{ledger.Definition.Metric.Name} was {value:R} after epoch {epoch}");
            return (Verdict.Stop, TransitionCause.NotFinite, reason);
        }

        var verdict = Ask(() => pruner.Judge(CurveOf(trial.Number), Others(trial.Number)));
        if (verdict == Verdict.Pause && !CanPause(trial, epoch))
        {
            TellOfNoCheckpoint(trial, epoch, now);
            verdict = Ask(() => ((IPromoter)pruner).JudgeAtOnce(CurveOf(trial.Number), Others(trial.Number)));
        }

        return verdict switch
        {
            Verdict.Pause when ledger.Sweep.State == SweepState.Stopping =>
                (Verdict.Stop, TransitionCause.SweepEnded, $"the sweep was stopping when it had to wait after epoch {epoch}"),
            Verdict.Pause => (Verdict.Pause, TransitionCause.AtRung, $"waits after epoch {epoch}"),
            Verdict.Stop when Ask(() => pruner.Convergence(CurveOf(trial.Number))) is { } convergence =>
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
            var reason = promotion.Reason;
            if (promotion.Instead is { } instead)
            {
                if (Replace(ledger.Trials[promotion.Trial], instead, reason, now) is not { } problem) continue;

                reason = $"goes on itself, no copy of trial {instead.From} could take its place: {problem}";
            }

            trials.Move(
                ledger.Trials[promotion.Trial], TrialState.Queued,
                new Transition(TransitionCause.Promoted, reason, SweepLedger.Schedule, now));
        }

        return promotions.Count > 0 ? promotions[0].Trial : null;
    }

    /// <summary>The paused trials that may go on now.</summary>
    public IReadOnlyList<Promotion> Promotions() => pruner is IPromoter promoter && ledger.Index.Count[TrialState.Paused] > 0
        ? Ask(() => promoter.Next(
            [.. ledger.Trials.Keys.Where(IsOfSearch).Select(CurveOf)],
            isLast: ledger.Index.Active.Count == 0 && ledger.Index.Queued.Count == 0 && !search.HasMore))
        : [];

    /// <summary>The order at every rung is final, and the trials that wait are not among those that go on.</summary>
    public void EndPaused(DateTimeOffset now)
    {
        foreach (var trial in ledger.Waiting.Where(trial => trial.State == TrialState.Paused))
        {
            var rung = Ask(() => Enumerable.Range(1, trial.Epoch).LastOrDefault(pruner!.IsRung, trial.Epoch));
            End(trial, TransitionCause.Outranked, $"others went on from epoch {rung}, and nothing can change that", now);
        }
    }

    /// <summary>The epoch after which the trial ends by itself; null for a program that is not known to tell.</summary>
    public int? LastEpochOf(TrialRecord trial)
    {
        var trainable = TrainableCatalog.Find(ledger.Definition.Program);
        var epochs = trial.Parameters[TrainableDescription.Epochs] ?? trainable?.Find(TrainableDescription.Epochs)?.Default;
        return epochs is { Kind: ParameterKind.Integer } given
            ? (int)Math.Clamp(given.AsInteger(), 1, EpochReport.MaxEpoch)
            : trainable is null or { Name: TrainableCatalog.Asked } ? null : 1;
    }

    /// <summary>Who goes on later needs something to go on from: a checkpoint of the rung, or a client who keeps it.</summary>
    private static bool CanPause(TrialRecord trial, int epoch) => trial.LeaseLife is not null || trial.Checkpoint?.Epoch == epoch;

    private void TellOfNoCheckpoint(TrialRecord trial, int epoch, DateTimeOffset now)
    {
        if (_hasToldOfNoCheckpoint) return;

        _hasToldOfNoCheckpoint = true;
        ledger.Log(
            new Occurrence.CannotPause(trial.Number, trial.Attempts),
            $"trial {trial.Number} has no checkpoint of epoch {epoch}, so it cannot wait there and go on later: whoever has none is judged "
                + "at once; a program names its checkpoint with the report, in a file that it does not write again for the next one",
            SweepLedger.Schedule,
            now);
    }

    /// <returns>What is in the way; null when the copy takes its place.</returns>
    private string? Replace(TrialRecord trial, Replacement by, string reason, DateTimeOffset now)
    {
        var model = ledger.Trials[by.From];
        if (model.Checkpoint is not { Batch: 0 } checkpoint || checkpoint.Epoch != model.Epoch) return "it has no checkpoint of that epoch";

        if (copy(by.From, ledger.Trials.Count + 1, checkpoint) is { } problem) return problem;

        End(trial, TransitionCause.Replaced, reason, now);
        ledger.Update(ledger.Sweep with { Planned = ledger.Sweep.Planned + 1 });
        var number = search.AddNew(by.Parameters, _ => $"copy of trial {by.From} after epoch {checkpoint.Epoch}", now)[0];
        var made = ledger.Update(ledger.Trials[number] with { Checkpoint = checkpoint });
        ledger.Add(new SweepChange.CheckpointAdded(number, made.Lease, made.Attempts, checkpoint, now));
        return null;
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

    private IEnumerable<LearningCurve> Others(int number) =>
        ledger.Reports.WithCurve.Where(other => other != number && IsOfSearch(other)).Select(CurveOf);

    /// <summary>Who confirms a configuration is compared with nobody, and runs to its end.</summary>
    private bool IsOfSearch(int number) => ledger.Trials[number].IsOfSearch;

    private LearningCurve CurveOf(int number)
    {
        var trial = ledger.Trials[number];
        return new LearningCurve(number, trial.State, ledger.Reports.CurveOf(number))
        {
            Configuration = trial.Configuration,
            Parameters = trial.Parameters,
            LastCounts = DerivedMetric.Is(ledger.Definition.Metric.Name),
            Others = ledger.Definition.Metrics.Length > 1 ? [.. ledger.Reports.CurvesOf(number).Skip(1)] : [],
        };
    }
}

/// <summary>Gives a trial a checkpoint of another one.</summary>
/// <returns>Why it could not be copied; null when the file is there, durably.</returns>
public delegate string? CopyCheckpoint(int from, int to, CheckpointFile checkpoint);
