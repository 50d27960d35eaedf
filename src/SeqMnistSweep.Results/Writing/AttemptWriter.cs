namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>attempt</c>.</summary>
internal static class AttemptWriter
{
    /// <returns>False when the lease is no longer the stored one.</returns>
    public static bool Add(Statements statements, SweepId sweep, SweepChange.AttemptEnded ended)
    {
        var attempt = ended.Attempt;
        return statements.Execute(
            """
            insert into attempt (trial, attempt, worker, device, granted, started, ended, outcome, cause)
            select key, @attempt, @worker, @device, @granted, @started, @ended, @outcome, @cause
            from trial
            where sweep = @sweep and number = @number and lease = @lease
            """,
            ("attempt", attempt.Number), ("worker", attempt.Worker), ("device", attempt.Device),
            ("granted", Timestamp.Format(attempt.Granted)), ("started", attempt.Started is { } started ? Timestamp.Format(started) : null),
            ("ended", Timestamp.Format(attempt.Ended)), ("outcome", attempt.Outcome.ToName()), ("cause", attempt.CauseName),
            ("sweep", sweep.Value), ("number", ended.Trial), ("lease", ended.Lease)) == 1;
    }
}
