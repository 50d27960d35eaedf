namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>trial</c>, and with it the leaderboard.</summary>
internal static class TrialWriter
{
    private static readonly string Insert =
        $"insert into trial (sweep, {TrialValues.Columns}) values (@sweep, "
            + $"{string.Join(", ", TrialValues.Names.Select(name => "@" + name))})";

    private static readonly string Replace =
        $"""
        update trial set {string.Join(", ", TrialValues.OfChanging(TrialRecord.Blank).Select(value => $"{value.Name} = @{value.Name}"))}
        where sweep = @sweep and number = @number and lease = @held and state not in ('completed', 'pruned', 'cancelled')
        """;

    public static void Add(Statements statements, SweepId sweep, TrialRecord trial)
    {
        statements.Execute(Insert, [("sweep", sweep.Value), .. TrialValues.Of(trial)]);
        Rank(statements, sweep, trial);
    }

    /// <summary>Replaces what can change of the trial.</summary>
    /// <returns>False when somebody else holds the trial by now, or it is in a final state; nothing is changed then.</returns>
    public static bool Update(Statements statements, SweepId sweep, TrialRecord trial, long heldLease)
    {
        if (statements.Execute(Replace,
            [("sweep", sweep.Value), ("number", trial.Number), ("held", heldLease), .. TrialValues.OfChanging(trial)]) != 1)
        {
            return false;
        }

        Rank(statements, sweep, trial);
        return true;
    }

    private static void Rank(Statements statements, SweepId sweep, TrialRecord trial)
    {
        if (trial.State == TrialState.Completed)
        {
            LeaderboardWriter.Complete(statements, sweep, trial);
        }
    }
}
