namespace SeqMnistSweep.Scheduling;

/// <summary>Whether a sweep goes on whose first trials have all failed in the same way: it is not the configurations then.</summary>
internal static class FirstFailures
{
    /// <summary>So many are enough.</summary>
    public const int Enough = 3;

    /// <summary>What fails sooner than this has hardly begun.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>Why the sweep ends now; null where it goes on. <c>limits.max_failures</c> takes the place of the rule for failures within
    /// seconds.</summary>
    public static (SweepCause Cause, string Reason)? Of(SweepLedger ledger)
    {
        if (ledger.Index.Failed.Count < Enough || ledger.Best is not null || HasEndedWell(ledger)) return null;

        var failed = ledger.Index.Failed.Select(number => ledger.Trials[number]).ToList();
        if (failed.Where(trial => trial.Cause == FailureCause.NoMetric).Take(Enough).ToList() is { Count: Enough } silent)
        {
            return (SweepCause.NoMetric, $"the first {Enough} trials ended without the sweep's metric: {silent[0].Message}");
        }

        var isAlike = ledger.Definition.Limits.MaxFailures is null && ledger.Index.Epochs == 0
            && failed.TrueForAll(trial => trial.Cause == failed[0].Cause && IsSoon(trial.RunSeconds / Math.Max(1, trial.Attempts)))
            && failed.Select(trial => trial.Configuration).Distinct().Skip(Enough - 1).Any()
            && !AnotherWorkerIsAtWork(ledger, failed);
        return isAlike
            ? (SweepCause.FailedAlike,
                $"the first {Enough} configurations all failed within seconds, before a report: {failed[0].Cause?.ToName()}; "
                    + "limits.max_failures in the file lets more fail")
            : null;
    }

    public static bool IsSoon(double seconds) => seconds < Soon.TotalSeconds;

    private static bool HasEndedWell(SweepLedger ledger) =>
        ledger.Index.Count[TrialState.Completed] + ledger.Index.Count[TrialState.Pruned] > 0;

    /// <summary>What failed on one worker may do well on another.</summary>
    private static bool AnotherWorkerIsAtWork(SweepLedger ledger, List<TrialRecord> failed)
    {
        var workers = failed.Select(trial => trial.Worker).ToHashSet();
        return ledger.Active.Any(trial => !workers.Contains(trial.Worker));
    }
}
