namespace SeqMnistSweep.Results.Writing;

/// <summary>The table <c>standing</c>, from which the leaderboard is read: the one place that says which configuration is the best. First
/// are those that were confirmed, by what their fresh seeds gave and by nothing else, for what the search saw of its best is too good on
/// average. After them come those of which every seed has completed, and then the others.</summary>
internal static class LeaderboardWriter
{
    /// <summary>Takes in that a trial is completed, which is for good: counts its configuration anew. A mean adds its values in the order of
    /// the index, from the smallest.</summary>
    public static void Complete(Statements statements, SweepId sweep, TrialRecord trial)
    {
        if (trial.IsOfSearch)
        {
            CountSearch(statements, sweep, trial.Configuration);
            return;
        }

        var compared = Compared(statements, sweep);
        CountFresh(statements, sweep, trial.Configuration, compared);

        // The intervals of those that were confirmed before there were others to be compared with.
        while (statements.Scalar(
            "select configuration from standing where sweep = @sweep and confirmed = 1 and compared <> @compared limit 1",
            ("sweep", sweep.Value), ("compared", compared)) is long other)
        {
            CountFresh(statements, sweep, (int)other, compared);
        }
    }

    private static void CountFresh(Statements statements, SweepId sweep, int configuration, int compared)
    {
        if (FreshSeeds(statements, sweep, configuration) is { } seeds)
        {
            CountConfirmation(statements, sweep, configuration, seeds, compared);
            return;
        }

        statements.Execute(
            "delete from standing where sweep = @sweep and configuration = @configuration",
            ("sweep", sweep.Value), ("configuration", configuration));
        CountSearch(statements, sweep, configuration);
    }

    private static void CountSearch(Statements statements, SweepId sweep, int configuration) => statements.Execute(
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
          where state = 'completed' and sweep = @sweep and configuration = @configuration and purpose <> 'confirmation'
        ) c
        join sweep s on s.id = @sweep
        where c.seeds > 0
        on conflict (sweep, configuration) do update
        set number = excluded.number, seeds = iif(confirmed, seeds, excluded.seeds), value = iif(confirmed, value, excluded.value),
          loss = iif(confirmed, loss, excluded.loss), test_accuracy = iif(confirmed, test_accuracy, excluded.test_accuracy),
          partial = iif(confirmed, partial, excluded.partial), searched = iif(confirmed, excluded.value, null)
        """,
        ("sweep", sweep.Value), ("configuration", configuration));

    /// <summary>How many there are, once every one has completed with a value; null before, and where one cannot any more.</summary>
    private static int? FreshSeeds(Statements statements, SweepId sweep, int configuration) => (int?)(long?)statements.Scalar(
        """
        select iif(c.completed = p.planned and c.completed > 1, c.completed, null)
        from (
          select count(value) as completed from trial indexed by trial_completed
          where state = 'completed' and sweep = @sweep and configuration = @configuration and purpose = 'confirmation'
        ) c, (
          select count(distinct seed) as planned from trial indexed by trial_confirming
          where purpose = 'confirmation' and sweep = @sweep and configuration = @configuration
        ) p
        """,
        ("sweep", sweep.Value), ("configuration", configuration));

    /// <summary>How many configurations are confirmed, or will be: one of them will lead.</summary>
    private static int Compared(Statements statements, SweepId sweep) => (int)(long)statements.Scalar(
        "select count(distinct configuration) from trial indexed by trial_confirming where purpose = 'confirmation' and sweep = @sweep",
        ("sweep", sweep.Value))!;

    private static void CountConfirmation(Statements statements, SweepId sweep, int configuration, int seeds, int compared) =>
        statements.Execute(
        """
        insert into standing (sweep, configuration, number, seeds, value, loss, test_accuracy, partial, confirmed, low, high, compared)
        select @sweep, @configuration, c.number, c.seeds, c.value, iif(s.maximize, -c.value, c.value), c.test_accuracy, 0, 1,
          c.value - c.half, c.value + c.half, @compared
        from (
          select m.*, @width * sqrt((
            select sum((o.value - m.value) * (o.value - m.value)) / (m.seeds - 1)
            from trial o indexed by trial_completed
            where o.state = 'completed' and o.sweep = @sweep and o.configuration = @configuration and o.purpose = 'confirmation'
          )) as half
          from (
            select min(number) as number, count(*) as seeds, iif(min(value) = max(value), min(value), avg(value)) as value,
              avg(test_accuracy) as test_accuracy
            from trial indexed by trial_completed
            where state = 'completed' and sweep = @sweep and configuration = @configuration and purpose = 'confirmation'
          ) m
        ) c
        join sweep s on s.id = @sweep
        where true
        on conflict (sweep, configuration) do update
        set searched = iif(confirmed, searched, value), seeds = excluded.seeds, value = excluded.value, loss = excluded.loss,
          test_accuracy = excluded.test_accuracy, partial = 0, confirmed = 1, low = excluded.low, high = excluded.high,
          compared = excluded.compared
        """,
        ("sweep", sweep.Value), ("configuration", configuration), ("compared", compared),
        ("width", ConfirmedValue.HalfWidth(seeds, compared)));
}
