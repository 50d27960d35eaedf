namespace SeqMnistSweep.Cli.Exports;

/// <summary>A configuration that no other beats in all metrics together.</summary>
/// <param name="Params">A JSON object.</param>
internal sealed record FrontRow(string Trial, long Seeds, JsonObject Values, string Params);

/// <summary>A configuration with the means of the sweep's metrics over its seeds.</summary>
/// <param name="Number">Of its first trial.</param>
internal sealed record MeasuredConfiguration(int Number, IReadOnlyDictionary<string, double> Values, bool InFront);

/// <summary>The view <c>pareto</c>.</summary>
internal static class ParetoFront
{
    private const int MostRows = 100_000;

    /// <summary>Empty for a sweep with one metric.</summary>
    public static async Task<IReadOnlyList<FrontRow>> ReadAsync(ResultSource results, SweepRow sweep, CancellationToken stop)
    {
        var front = await results.QueryAsync(
            new ReadOnlyQuery($"select trial, seeds, \"values\", params from pareto where sweep = '{sweep.Sweep}'")
            {
                Timeout = TimeSpan.FromMinutes(1),
            },
            stop);
        return [.. front.Rows.Select(row => new FrontRow(
            (string)row[0]!, (long)row[1]!, JsonNode.Parse((string)row[2]!)!.AsObject(), (string)row[3]!))];
    }

    /// <summary>Completed configurations with all of <paramref name="metrics"/>, by number; the means over their seeds. None with one
    /// metric.</summary>
    public static async Task<IReadOnlyList<MeasuredConfiguration>> MeasuredAsync(
        ResultSource results, SweepRow sweep, IReadOnlyList<MetricGoal> metrics, CancellationToken stop)
    {
        if (metrics.Count < 2) return [];

        var front = (await ReadAsync(results, sweep, stop)).Select(row => row.Trial).ToHashSet();
        var rows = (await results.QueryAsync(
            new ReadOnlyQuery(
                $"""
                select t.number, t.configuration, r.metrics from trials t join reports r on r.trial = t.trial and r.epoch = t.epoch
                where t.sweep = '{sweep.Sweep}' and t.state = 'completed' order by t.number
                """,
                MostRows),
            stop)).Rows;
        return [.. rows
            .Select(row => (
                Number: Convert.ToInt32(row[0], CultureInfo.InvariantCulture), Configuration: row[1],
                Report: EpochReport.FromJson(0, (string)row[2]!)))
            .GroupBy(row => row.Configuration)
            .Where(seeds => seeds.Count() >= sweep.Seeds
                && seeds.All(seed => metrics.All(metric => seed.Report[metric.Name] is { } value && double.IsFinite(value))))
            .Select(seeds => new MeasuredConfiguration(
                seeds.First().Number,
                metrics.ToDictionary(metric => metric.Name, metric => seeds.Average(seed => seed.Report[metric.Name]!.Value)),
                front.Contains($"{sweep.Sweep}/{seeds.First().Number}")))];
    }
}
