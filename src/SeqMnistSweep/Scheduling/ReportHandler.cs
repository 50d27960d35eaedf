using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>What the schedule makes of reports. All that one attempt tells of an epoch is one report, and of a metric its first value
/// stands. What an attempt reports beyond the epoch that it began after takes the place of what earlier ones reported there.</summary>
internal sealed class ReportHandler(
    SweepLedger ledger, TrialStateMachine trials, RungGate rungs, CheckpointRules checkpoints, SweepLifecycle sweep)
{
    /// <summary>Trials, with the attempt, of which a difference has been logged: one that differs in an epoch does so in most.</summary>
    private readonly HashSet<(int Trial, int Attempt)> _differs = [];

    private MetricGoal Metric => ledger.Definition.Metric;

    private DerivedMetrics Derived => ledger.Derived;

    /// <summary>What makes the report of an epoch impossible, and what would be possible; null where nothing does.</summary>
    public static string? Problem(int epoch) =>
        epoch < 1 ? $"epoch {epoch} was reported: epochs count from 1"
        : epoch > EpochReport.MaxEpoch ? $"epoch {epoch} was reported: no trial has more than {EpochReport.MaxEpoch} epochs"
        : null;

    /// <summary>The same for a client, who counts alone: also beyond the trial's last epoch, or before one that was told already, but for
    /// what was told of that.</summary>
    public string? Problem(TrialRecord trial, EpochReport told)
    {
        if (Problem(told.Epoch) is { } impossible) return impossible;

        if (rungs.LastEpochOf(trial) is { } last && told.Epoch > last)
        {
            return $"epoch {told.Epoch} was reported: the trial has {Plural.Of(last, "epoch")}";
        }

        return told.Epoch >= Math.Max(trial.EpochsDone, trial.ResumeEpoch + 1) || IsKnown(trial, told) ? null
            : $"epoch {told.Epoch} was reported: epochs up to {trial.EpochsDone} are done, the next one is {trial.EpochsDone + 1}";
    }

    /// <summary>An attempt has begun.</summary>
    /// <returns>The trial without what earlier attempts reported beyond its checkpoint.</returns>
    public TrialRecord Begin(TrialRecord trial)
    {
        if (trial.Epoch <= trial.ResumeEpoch) return trial;

        ledger.Reports.Supersede(trial.Number, trial.ResumeEpoch);
        ledger.Add(new SweepChange.ReportsSuperseded(trial.Number, trial.Lease, trial.ResumeEpoch));
        trial = trial with { Epoch = 0, Value = null, ValueEpoch = null };
        foreach (var report in ledger.Reports.Of(trial.Number))
        {
            trial = With(trial, report);
        }

        return ledger.Update(trial);
    }

    /// <summary>The trial has told more of itself: its reports have what is known by that.</summary>
    public void Describe(TrialRecord trial, DateTimeOffset now)
    {
        foreach (var report in ledger.Reports.Of(trial.Number).ToList())
        {
            if (Derived.IsKnown(DerivedMetric.Parameters, trial) && report[DerivedMetric.Parameters] is null)
            {
                trial = Add(trial, Derived.AddTo(report, trial, now), now);
            }
        }
    }

    /// <summary>Where the head knows all by itself that the sweep ranks on, a program that ends without a report has trained one
    /// epoch.</summary>
    public TrialRecord AddUntold(TrialRecord trial, DateTimeOffset now) => trial.Epoch == 0 && trial.ResumeEpoch == 0 && Derived.AreAll
        ? Add(trial, Derived.AddTo(new EpochReport(1, ImmutableSortedDictionary<string, double>.Empty), trial, now), now)
        : trial;

    /// <summary>Takes in a report whose epoch has no <see cref="Problem(int)"/>.</summary>
    public Answer Take(TrialRecord trial, AttemptEvent.Reported reported, DateTimeOffset now)
    {
        var (told, checkpoint) = reported;
        if (!trial.State.IsActive()) return TakeLate(trial, told, checkpoint, now);

        var known = ledger.Reports.Find(trial.Number, told.Epoch);
        var report = told.Epoch > trial.ResumeEpoch ? Merged(trial, known, told, now) : Again(trial, known, told, now);
        if (known is null && report is not null)
        {
            report = Derived.AddTo(report, trial, now, reported.Seconds);
        }

        if (report is not null)
        {
            trial = Add(trial, report, now);
        }

        checkpoints.Take(trial, checkpoint, now);
        trial = ledger.Trials[trial.Number];
        if (report?[Metric.Name] is not { } value || known?[Metric.Name] is not null) return Answer.Of(Verdict.Continue);

        var verdict = Judge(trial, report.Epoch, value, now);
        sweep.StopAtTarget(trial, now);
        if (ledger.Sweep.State.IsOpen())
        {
            sweep.Tick(now);
        }

        return Answer.Of(verdict);
    }

    /// <summary>The verdict that a holder had when its trial came into this state.</summary>
    public static Answer VerdictOf(TrialRecord trial) => Answer.Of(trial.State switch
    {
        TrialState.Paused => Verdict.Pause,
        var state when state.IsActive() => Verdict.Continue,
        _ => Verdict.Stop,
    });

    /// <summary>A program that does not wait for verdicts reports on until it hears of its pause: more of the rung's epoch counts, what
    /// comes after it never does, for the trial goes on from the rung.</summary>
    private Answer TakeLate(TrialRecord trial, EpochReport told, CheckpointFile? checkpoint, DateTimeOffset now)
    {
        if (trial.State == TrialState.Paused && told.Epoch == trial.Epoch)
        {
            if (Merged(trial, ledger.Reports.Find(trial.Number, told.Epoch), told, now) is { } report)
            {
                trial = Add(trial, report, now);
            }

            checkpoints.Take(trial, checkpoint, now);
        }

        return told.Epoch > trial.Epoch && trial.State != TrialState.Paused ? Answer.Fenced : VerdictOf(trial);
    }

    /// <summary>What the attempt has told of the epoch by now; null where this is nothing new.</summary>
    private EpochReport? Merged(TrialRecord trial, EpochReport? known, EpochReport told, DateTimeOffset now)
    {
        var before = known ?? (IsExact ? ledger.Reports.FindSuperseded(trial.Number, told.Epoch) : null);
        LogDifference(trial, before, told, now);
        if (known is null) return told;

        // Of what the head derived the program's own word stands.
        var own = told.Metrics.Where(metric => Derived.Named.Contains(metric.Key)).ToList();
        var whole = known with { Metrics = told.Metrics.SetItems(known.Metrics).SetItems(own) };
        var isNothingNew = whole.Metrics.Count == known.Metrics.Count && own.TrueForAll(metric => known[metric.Key].Equals(metric.Value));
        return isNothingNew ? null : whole;
    }

    /// <summary>An epoch of before the attempt's checkpoint, which stands.</summary>
    /// <returns>The report, where nobody had made one of this epoch.</returns>
    private EpochReport? Again(TrialRecord trial, EpochReport? known, EpochReport told, DateTimeOffset now)
    {
        LogDifference(trial, known, told, now);
        return known is null ? told : null;
    }

    /// <summary>Whether the program gives the same values whenever it trains an epoch; of a user's nobody asks that.</summary>
    private bool IsExact => TrainableCatalog.IsBuiltIn(ledger.Definition.Program);

    private void LogDifference(TrialRecord trial, EpochReport? known, EpochReport told, DateTimeOffset now)
    {
        var others = told with { Metrics = told.Metrics.RemoveRange(Derived.Named) };
        if (known?.Differs(others) is { } metric && _differs.Add((trial.Number, trial.Attempts)))
        {
            ledger.Log(
                new Occurrence.ReportMismatch(trial.Number, trial.Attempts),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{metric} of epoch {told.Epoch} was told twice and differs: {known[metric]:R} then {told[metric]:R}"),
                trial.Worker!,
                now);
        }
    }

    private bool IsKnown(TrialRecord trial, EpochReport told) => ledger.Reports.Find(trial.Number, told.Epoch) is { } known
        && told.Metrics.Keys.All(known.Metrics.ContainsKey) && known.Differs(told) is null;

    private TrialRecord Add(TrialRecord trial, EpochReport report, DateTimeOffset now)
    {
        ledger.Reports.Add(trial, report);
        ledger.Add(new SweepChange.ReportAdded(trial.Number, trial.Lease, trial.Attempts, report, now));
        var isNew = report.Epoch > trial.FurthestEpoch;
        return ledger.Update(With(trial, report) with
        {
            FurthestEpoch = Math.Max(trial.FurthestEpoch, report.Epoch),
            LossesInARow = isNew ? 0 : trial.LossesInARow,
            KillsInARow = isNew ? 0 : trial.KillsInARow,
        });
    }

    /// <summary>The trial with a report of its own.</summary>
    private TrialRecord With(TrialRecord trial, EpochReport report)
    {
        var isBest = report[Metric.Name] is { } value && double.IsFinite(value)
            && (trial.Value is not { } best
                || (DerivedMetric.Is(Metric.Name) ? report.Epoch >= trial.ValueEpoch : Metric.IsBetter(value, best)));
        if (isBest || trial.ValueEpoch == report.Epoch)
        {
            ledger.Memory.RememberBest(trial.Number, report);
        }

        return trial with
        {
            Epoch = Math.Max(trial.Epoch, report.Epoch),
            Value = isBest ? report[Metric.Name] : trial.Value,
            ValueEpoch = isBest ? report.Epoch : trial.ValueEpoch,
        };
    }

    private Verdict Judge(TrialRecord trial, int epoch, double value, DateTimeOffset now)
    {
        var (verdict, cause, reason) = rungs.Judge(trial, epoch, value, now);
        if (reason is null) return Verdict.Continue;

        if (verdict == Verdict.Stop)
        {
            var state = cause switch
            {
                TransitionCause.Converged => TrialState.Completed,
                TransitionCause.SweepEnded => TrialState.Cancelled,
                _ => TrialState.Pruned,
            };
            sweep.End(trial, state, new Transition(cause, reason, trial.Worker!, now));
        }
        else
        {
            trials.Move(trial, TrialState.Paused, new Transition(cause, reason, SweepLedger.Schedule, now));
            sweep.FinishIfDone(now);
        }

        return verdict;
    }
}
