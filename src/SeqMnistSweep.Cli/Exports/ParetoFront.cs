namespace SeqMnistSweep.Cli.Exports;

/// <summary>A configuration that no other beats in all metrics together.</summary>
/// <param name="Params">A JSON object.</param>
internal sealed record FrontRow(string Trial, long Seeds, JsonObject Values, string Params);

/// <summary>The view <c>pareto</c>.</summary>
internal static class ParetoFront
{
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
}
