namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>standing</c>, from which the leaderboard is read: the one place that says which configuration is the best. It is
/// the first by value among those of which every seed has completed; the others follow.</summary>
internal static class LeaderboardWriter
{
    /// <summary>Takes in that a trial is completed, which is for good: counts its configuration anew. The mean adds its values in the order
    /// of the index, from the smallest.</summary>
    public static void Complete(Statements statements, SweepId sweep, TrialRecord trial) => statements.Execute(
        """
        insert into standing (sweep, configuration, number, seeds, value, loss, test_accuracy, partial)
        select @sweep, @configuration, c.number, c.seeds, c.value,
          iif(c.value is null, 9e999, iif(s.maximize, -c.value, c.value)), c.test_accuracy, c.seeds < s.seeds
        from (
          select min(number) as number, count(*) as seeds,
            case
              when count(value) < count(*) then null
              when min(value) = max(value) then min(value)
              else avg(value)
            end as value, avg(test_accuracy) as test_accuracy
          from trial indexed by trial_completed
          where state = 'completed' and sweep = @sweep and configuration = @configuration
        ) c
        join sweep s on s.id = @sweep
        where true
        on conflict (sweep, configuration) do update
        set number = excluded.number, seeds = excluded.seeds, value = excluded.value,
          loss = excluded.loss, test_accuracy = excluded.test_accuracy, partial = excluded.partial
        """,
        ("sweep", sweep.Value), ("configuration", trial.Configuration));
}
