namespace SeqMnistSweep.Scheduling;

/// <summary>Which queued trial goes first, and which still wait out a back-off.</summary>
internal sealed class TrialQueue(SweepLedger ledger)
{
    /// <summary>How long after its back-off a trial that failed at a worker is kept for the others, before it may be tried there
    /// again.</summary>
    public static readonly TimeSpan KeptForOthers = TimeSpan.FromMinutes(1);

    /// <summary>The first queued trial that is due; null when there is none.</summary>
    /// <param name="avoided">A worker that gets no trial that has just failed there.</param>
    /// <param name="begunOnly">Only a trial that an attempt has begun.</param>
    public int? Next(DateTimeOffset now, string? avoided = null, bool begunOnly = false)
    {
        foreach (var number in ledger.Index.Queued)
        {
            if (ledger.Trials[number] is var trial && (!begunOnly || trial.Attempts > 0) && IsDue(trial, now, avoided))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>How many queued trials could start now on a worker other than the one they failed at.</summary>
    /// <param name="max">To count to.</param>
    public int CountDue(int max, DateTimeOffset now) =>
        ledger.Index.Queued.Select(number => ledger.Trials[number]).Where(trial => IsDue(trial, now, trial.Worker)).Take(max).Count();

    /// <summary>The earliest end of a back-off; null with nothing queued.</summary>
    public DateTimeOffset? FirstDue =>
        ledger.Index.Queued.Count > 0 ? ledger.Index.Queued.Min(number => ledger.Trials[number].NotBefore) : null;

    /// <summary>A back-off whose end is further away than it was long was measured by a clock that has been set back since: it is
    /// over.</summary>
    private bool IsDue(TrialRecord trial, DateTimeOffset now, string? avoided) =>
        trial.NotBefore is not { } notBefore
        || (notBefore <= now && !(trial.Worker == avoided && now - notBefore < KeptForOthers))
        || notBefore - now > RetryRules.BackoffAfter(trial, ledger.Definition.Retry);
}
