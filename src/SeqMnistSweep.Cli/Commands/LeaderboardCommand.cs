using SeqMnistSweep.Cli.Exports;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class LeaderboardCommand : Verb
{
    private readonly Argument<string?> _sweep = Reference.SweepOrNewest();
    private readonly Option<int> _top = Value("--top", "N", "rows at most; 0 for all", 20);

    private readonly Option<string?> _where =
        Value<string?>("--where", "RULE", "only configurations whose first trial is like that: an expression over columns and parameters");

    public LeaderboardCommand(CommonOptions options)
        : base("leaderboard", "the best configurations of a sweep", "Results",
            ("seqsweep leaderboard", "of the newest sweep, seeds taken together"),
            ("seqsweep lb tcn-7f3k --top 3", "the best three of this one"),
            ("seqsweep lb --where \"levels >= 8 and lr < 1e-3\"", "only some, with their ranks among all"),
            ("seqsweep lb -o csv > best.csv", "fractions and full digits, for another program"))
    {
        Aliases.Add("lb");
        this.Takes(_sweep, options.Database, options.Head, _top, _where);
        SetAction(async (parsed, stop) =>
        {
            var top = parsed.GetValue(_top);
            if (top < 0)
            {
                throw new CommandError(ExitCodes.Usage, $"--top {top} is below 0", "give a number of rows, or 0 for all");
            }

            using var results = await options.OpenResultsAsync(parsed, stop);
            await WriteAsync(
                options, parsed, results, await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop), top, stop,
                parsed.GetValue(_where));
        });
    }

    /// <param name="top">Rows at most; 0 for all.</param>
    /// <param name="where">Which; null for all.</param>
    public static async Task WriteAsync(
        CommonOptions options, ParseResult parsed, ResultSource results, SweepRow sweep, int top, CancellationToken cancellation,
        string? where = null)
    {
        if (await FrontAsync(results, sweep, cancellation) is { Rows.Count: > 0 } front)
        {
            WriteFront(options, parsed, sweep, front, top);
            return;
        }

        var all = await results.LeaderboardAsync(Trials.SweepId.Parse(sweep.Sweep), int.MaxValue, cancellation);
        if (where is not null)
        {
            var wanted = (await new SweepExport(results, sweep, where).TrialsAsync(cancellation))
                .Select(trial => $"{sweep.Sweep}/{trial.Number}").ToHashSet();
            all = [.. all.Where(row => wanted.Contains(row.Trial))];
        }

        var shown = all.Take(top == 0 ? int.MaxValue : top).ToList();
        var onScreen = parsed.GetValue(options.Output) == OutputFormat.Table && options.OutProfile(parsed).IsTerminal;
        options.Write(parsed, options.IsJson(parsed) ? AsData(shown) : AsTable(sweep, all, shown, onScreen));
        if (all.Count == 0)
        {
            options.Context.Say(
                where is null ? $"no trial of {sweep.Sweep} has completed yet" : $"no completed trial of {sweep.Sweep} is like that");
        }
        else if (shown.Count < all.Count)
        {
            options.Context.Say($"{all.Count - shown.Count} more: seqsweep leaderboard {sweep.Sweep} --top {all.Count}");
        }
    }

    /// <summary>Of a sweep with several metrics the configurations that no other beats; empty for another.</summary>
    private static Task<QueryResult> FrontAsync(ResultSource results, SweepRow sweep, CancellationToken cancellation) =>
        results.QueryAsync(
            new ReadOnlyQuery($"select trial, seeds, \"values\", params from pareto where sweep = '{sweep.Sweep}'") { Timeout = TimeSpan
                .FromMinutes(1) },
            cancellation);

    private static void WriteFront(CommonOptions options, ParseResult parsed, SweepRow sweep, QueryResult front, int top)
    {
        var rows = front.Rows
            .Select(row => (Trial: (string)row[0]!, Seeds: (long)row[1]!, Values: JsonNode.Parse((string)row[2]!)!.AsObject(),
            Params: JsonNode.Parse((string)row[3]!)!.AsObject())).ToList();
        var shown = rows.Take(top == 0 ? int.MaxValue : top).ToList();
        var metrics = rows[0].Values.Select(value => value.Key).ToList();
        var isJson = options.IsJson(parsed);
        var varied = isJson ? [] : VariedParameters([.. rows.Select(row => row.Params)]);
        options.Write(parsed, TableOutput.Of(
            isJson ? ["sweep", "trial", "seeds", "values", "params"] : ["trial", .. metrics, "seeds", .. varied],
            shown,
            row => isJson
                ? [sweep.Sweep, row.Trial, row.Seeds, row.Values, row.Params]
                :
                [
                    row.Trial, .. metrics.Select(name => Cell.Metric(name, row.Values[name]?.GetValue<double>())), row.Seeds,
                    .. varied.Select(name => row.Params[name]),
                ]));
        options.Context.Say(
            $"{rows.Count} configuration(s) that no other beats in {string.Join(" and ", metrics)} "
                + $"together{(shown.Count < rows.Count ? $"; all of them: --top 0" : "")}");
    }

    /// <summary>The view's columns, the parameters as one object.</summary>
    private static TableOutput AsData(IEnumerable<LeaderboardRow> rows) => TableOutput.Of(
        ["sweep", "rank", "trial", "value", "deviation", "seeds", "epoch", "test_accuracy", "params"],
        rows,
        row =>
        [
            row.Sweep, row.Rank, row.Trial, row.Value, row.Deviation, row.Seeds, row.Epoch, row.TestAccuracy, JsonNode.Parse(row.Params),
        ]);

    /// <summary>A column for each parameter that is not the same in all configurations.</summary>
    private static TableOutput AsTable(SweepRow sweep, IReadOnlyList<LeaderboardRow> all, IEnumerable<LeaderboardRow> shown, bool onScreen)
    {
        var varied = VariedParameters([.. all.Select(row => JsonNode.Parse(row.Params)!.AsObject())]);
        return TableOutput.Of(
            ["rank", "trial", onScreen ? sweep.Metric : "value", "deviation", "seeds", .. varied, "epoch", "test_accuracy"],
            shown,
            row =>
            {
                var parameters = JsonNode.Parse(row.Params)!;
                return
                [
                    row.Rank, row.Trial, Cell.Metric(sweep.Metric, row.Value), Cell.Metric(sweep.Metric, row.Deviation), row.Seeds,
                    .. varied.Select(name => parameters[name]), row.Epoch, Cell.Metric("test_accuracy", row.TestAccuracy),
                ];
            });
    }

    private static List<string> VariedParameters(List<JsonObject> sets) =>
    [
        .. sets.SelectMany(set => set.Select(p => p.Key)).Distinct()
            .Where(name => sets.Select(set => set.ContainsKey(name) ? set[name]?.ToJsonString() ?? "null" : "").Distinct().Count() > 1),
    ];
}
