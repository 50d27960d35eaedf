using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>A trial that has a value.</summary>
internal sealed record PlottedTrial(int Number, int Configuration, double Value, TrialState State, ParameterSet Parameters);

/// <summary>What plots are drawn from: a sweep, its space, and its trials that have a value, by number.</summary>
internal sealed record PlotData(SweepRow Sweep, SearchSpace? Space, IReadOnlyList<PlottedTrial> Trials)
{
    private const int MostRows = 100_000;

    public bool Maximize => Sweep.Goal == "maximize";

    public static CommandError NothingCompleted(SweepRow sweep) => new(
        ExitCodes.NotFinished, $"no configuration of {sweep.Sweep} has completed yet", "ask again when some have");

    /// <returns>This.</returns>
    /// <exception cref="CommandError">No trial has a value yet.</exception>
    public PlotData RequireValues() => Trials.Count > 0
        ? this
        : throw new CommandError(ExitCodes.NotFinished, $"no trial of {Sweep.Sweep} has a value yet");

    /// <exception cref="CommandError">The stored file cannot be read any more.</exception>
    public SearchSpace RequireSpace() => Space ?? throw new CommandError(
        ExitCodes.InvalidSweepFile, $"the stored file of sweep {Sweep.Sweep} is no longer valid: its parameters are not known");

    public static async Task<PlotData> ReadAsync(ResultSource results, SweepRow sweep, CancellationToken cancellation)
    {
        var rows = await QueryAsync(
            results,
            $"""
            select number, configuration, value, state, params from trials
            where sweep = '{Quoted(sweep)}' and value is not null and purpose <> 'confirmation' order by number
            """,
            cancellation);
        return new PlotData(
            sweep,
            sweep.ReadDefinition()?.Space,
            [
                .. rows.Select(row => new PlottedTrial(
                    Convert.ToInt32(row[0], CultureInfo.InvariantCulture),
                    Convert.ToInt32(row[1], CultureInfo.InvariantCulture),
                    Convert.ToDouble(row[2], CultureInfo.InvariantCulture),
                    StateNames.Parse<TrialState>((string)row[3]!),
                    ParameterSet.FromJson((string)row[4]!))),
            ]);
    }

    /// <summary>The sweep's metric after every reported epoch, by trial; trials and epochs without it are left out.</summary>
    public async Task<IReadOnlyList<(int Number, int Epoch, double Value)>> CurvesAsync(
        ResultSource results, CancellationToken cancellation)
    {
        var rows = await QueryAsync(
            results, $"select number, epoch, metrics from reports where sweep = '{Quoted(Sweep)}' order by number, epoch", cancellation);
        return [.. rows
            .Select(
                row => (
                    Number: Convert.ToInt32(row[0], CultureInfo.InvariantCulture),
                    Epoch: Convert.ToInt32(row[1], CultureInfo.InvariantCulture), Value: JsonNode.Parse((string)row[2]!)?[Sweep.Metric]))
            .Where(row => row.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
            .Select(row => (row.Number, row.Epoch, row.Value!.GetValue<double>()))];
    }

    /// <summary>Attempts that started, by worker and time.</summary>
    public static async Task<IReadOnlyList<PlottedAttempt>> AttemptsAsync(
        ResultSource results, SweepRow sweep, CancellationToken cancellation) =>
        [.. (await QueryAsync(
            results,
            $"""
            select worker, number, attempt, started, ended, outcome from attempts
            where sweep = '{Quoted(sweep)}' and started is not null order by worker, started, number
            """,
            cancellation)).Select(row => new PlottedAttempt(
                (string?)row[0] ?? "", Convert.ToInt32(row[1], CultureInfo.InvariantCulture),
                Convert.ToInt64(row[2], CultureInfo.InvariantCulture), Timestamp.Parse((string)row[3]!),
                row[4] is string ended ? Timestamp.Parse(ended) : null, (string?)row[5]))];

    /// <summary>The value of the best configuration up to each trial, in the order of the trials; null before the first that has every
    /// seed.</summary>
    public IEnumerable<double?> BestSoFar()
    {
        var means = new SeedMeans(Sweep.Seeds, Maximize);
        foreach (var trial in Trials)
        {
            if (trial.State == TrialState.Completed)
            {
                means.CompleteBest(trial.Configuration, trial.Value);
            }

            yield return means.Best;
        }
    }

    /// <summary>Configurations of which every seed has completed, with the means of their values.</summary>
    public IReadOnlyList<(int Configuration, ParameterSet Parameters, double Value)> Configurations()
    {
        var means = new SeedMeans(Sweep.Seeds, Maximize);
        return [.. Trials.Where(trial => trial.State == TrialState.Completed)
            .Select(trial => (trial.Configuration, trial.Parameters, Value: means.Complete(trial.Configuration, trial.Value)))
            .Where(one => one.Value is not null).Select(one => (one.Configuration, one.Parameters, one.Value!.Value))];
    }

    /// <summary>Numbers of the trials of the best tenth of the configurations, of one at least.</summary>
    public HashSet<int> Best()
    {
        var ranked = Configurations();
        var best = ranked.OrderBy(one => Maximize ? -one.Value : one.Value).Take(Math.Max(1, ranked.Count / 10))
            .Select(one => one.Configuration).ToHashSet();
        return [.. Trials.Where(trial => best.Contains(trial.Configuration)).Select(trial => trial.Number)];
    }

    private static async Task<IReadOnlyList<IReadOnlyList<object?>>> QueryAsync(ResultSource results, string sql,
        CancellationToken cancellation) =>
        (await results.QueryAsync(new ReadOnlyQuery(sql, MostRows), cancellation)).Rows;

    private static string Quoted(SweepRow sweep) => sweep.Sweep.Replace("'", "''", StringComparison.Ordinal);
}
