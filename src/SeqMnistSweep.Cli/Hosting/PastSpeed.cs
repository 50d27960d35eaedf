using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>How fast one slot was, by the median of the last that are known.</summary>
/// <param name="PerSecond">Floating-point operations where they can be counted; epochs, or trials, of another program.</param>
/// <param name="Seen">What that is from: epochs where operations are counted; trials of another program.</param>
internal sealed record PastSpeed(double PerSecond, int Seen)
{
    private const int Last = 200;

    public static Task<PastSpeed?> OfFlopAsync(ResultSource past, TrainableCost cost, CancellationToken cancellation) => MedianAsync(
        past,
        """
        select t.params, json_extract(r.metrics, '$.samples_per_second')
        from reports r join trials t on t.trial = r.trial
        where json_extract(r.metrics, '$.samples_per_second') > 0 and json_extract(t.facts, '$.receptive_field') is not null
        order by r.time desc
        """,
        row => 3 * cost.ForwardFlop(ParameterSet.FromJson((string)row[0]!)) * Number(row[1]),
        cancellation);

    /// <param name="named">The sweeps' name, which has no quotes.</param>
    /// <param name="wholeTrials">Count trials instead of epochs, for a program of which nobody knows how many it trains.</param>
    public static Task<PastSpeed?> OfSweepsAsync(ResultSource past, string named, bool wholeTrials, CancellationToken cancellation) =>
        MedianAsync(
        past,
        $"""
        select {(wholeTrials ? "1" : "t.epochs")}, t.run_seconds
        from trials t join sweeps s on s.sweep = t.sweep
        where s.name = '{named}' and t.state = 'completed' and t.epochs > 0 and t.attempts = 1 and t.run_seconds > 0
        order by t.finished desc
        """,
        row => Number(row[0]) / Number(row[1]),
        cancellation);

    private static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static async Task<PastSpeed?> MedianAsync(
        ResultSource past, string sql, Func<IReadOnlyList<object?>, double> speed, CancellationToken cancellation)
    {
        try
        {
            var speeds = (await past.QueryAsync(new ReadOnlyQuery(sql, Last), cancellation)).Rows.Select(speed).Order().ToList();
            return speeds.Count == 0 ? null : new PastSpeed(speeds[speeds.Count / 2], speeds.Count);
        }
        catch (Exception error) when (error is DatabaseException or QueryException)
        {
            return null;
        }
    }
}
