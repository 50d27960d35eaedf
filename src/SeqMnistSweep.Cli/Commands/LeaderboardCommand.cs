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
        var space = await results.SpaceAsync(sweep, cancellation);
        if (space is not { Metrics.Count: 1 } && await ParetoFront.ReadAsync(results, sweep, cancellation) is { Count: > 0 } front)
        {
            WriteFront(options, parsed, space, sweep, front, top);
            return;
        }

        // One more than is shown says that there are more. Which columns there are must not depend on the number of rows: the file says what
        // varies, and where it cannot be read all rows do.
        var most = top == 0 || where is not null || space is null ? int.MaxValue : (int)Math.Min(int.MaxValue, top + 1L);
        var all = await results.LeaderboardAsync(Trials.SweepId.Parse(sweep.Sweep), most, cancellation);
        if (where is not null)
        {
            var wanted = (await new SweepExport(results, sweep, where).TrialsAsync(cancellation))
                .Select(trial => $"{sweep.Sweep}/{trial.Number}").ToHashSet();
            all = [.. all.Where(row => wanted.Contains(row.Trial))];
        }

        var shown = all.Take(top == 0 ? int.MaxValue : top).ToList();
        if (shown.Any(row => row.Confirmed))
        {
            options.Context.Say(
                "confirmed by fresh seeds alone: the true means lie from low to high, all with 95 %; gap is to what the search saw");
        }

        var onScreen = parsed.GetValue(options.Output) == OutputFormat.Table && options.OutProfile(parsed).IsTerminal;
        options.Write(parsed, options.IsJson(parsed) ? AsData(shown) : AsTable(sweep, space, all, shown, onScreen));
        if (all.Count == 0)
        {
            options.Context.Say(
                where is null ? $"no trial of {sweep.Sweep} has completed yet" : $"no completed trial of {sweep.Sweep} is like that");
        }
        else if (shown.Count < all.Count)
        {
            options.Context.Say($"there are more: seqsweep leaderboard {sweep.Sweep} --top 0" + options.SourceArgument(parsed, results));
        }
    }

    /// <summary>Of a sweep with several metrics the configurations that no other beats.</summary>
    private static void WriteFront(
        CommonOptions options, ParseResult parsed, SpaceAnswer? space, SweepRow sweep, IReadOnlyList<FrontRow> rows, int top)
    {
        var shown = rows.Take(top == 0 ? int.MaxValue : top).ToList();
        var metrics = rows[0].Values.Select(value => value.Key).ToList();
        var isJson = options.IsJson(parsed);
        var varied = new VariedParameters(rows.Select(row => row.Params), space?.Varies() ?? [], ["trial", .. metrics, "seeds"]);
        options.Write(parsed, TableOutput.Of(
            isJson ? ["sweep", "trial", "seeds", "values", "params"] : ["trial", .. metrics, "seeds", .. varied.Columns],
            shown,
            row => isJson
                ? [sweep.Sweep, row.Trial, row.Seeds, row.Values, JsonNode.Parse(row.Params)]
                :
                [
                    row.Trial, .. metrics.Select(name => Cell.Metric(name, row.Values[name]?.GetValue<double>())), row.Seeds,
                    .. varied.Of(row.Params).Select(CellOf),
                ]));
        options.Context.Say(
            $"{Plural.Of(rows.Count, "configuration")} that no other beats in {string.Join(" and ", metrics)} "
                + $"together{(shown.Count < rows.Count ? $"; all of them: --top 0" : "")}");
    }

    /// <summary>The view's columns, the parameters as one object.</summary>
    private static TableOutput AsData(IEnumerable<LeaderboardRow> rows) => TableOutput.Of(
        ["sweep", "rank", "trial", "value", "deviation", "seeds", "planned_seeds", "epoch", "test_accuracy", "baseline",
            "confirmed", "low", "high", "searched", "gap", "params"],
        rows,
        row =>
        [
            row.Sweep, row.Rank, row.Trial, row.Value, row.Deviation, row.Seeds, row.PlannedSeeds, row.Epoch, row.TestAccuracy,
            row.Baseline, row.Confirmed, row.Low, row.High, row.Searched, row.Gap, JsonNode.Parse(row.Params),
        ]);

    /// <summary>A column for each parameter that is not the same in all configurations; the test set's where there is one.</summary>
    private static TableOutput AsTable(
        SweepRow sweep, SpaceAnswer? space, IReadOnlyList<LeaderboardRow> all, IEnumerable<LeaderboardRow> shown, bool onScreen)
    {
        // A column that says nothing would take the room of a parameter.
        var hasSeeds = !onScreen || all.Any(row => row.PlannedSeeds > 1 || row.Seeds > 1);
        string[] confirmed = all.Any(row => row.Confirmed) ? ["low", "high", "searched", "gap"] : [];
        string[] first =
        [
            "rank", "trial", onScreen ? sweep.Metric : "value", .. hasSeeds ? ["deviation", "seeds"] : Array.Empty<string>(), .. confirmed,
        ];
        var hasTest = (!onScreen && space is { Holdout: true }) || all.Any(row => row.TestAccuracy is not null);
        var hasBaseline = all.Any(row => row.Baseline);
        string[] last =
            ["epoch", .. hasTest ? ["test_accuracy"] : Array.Empty<string>(), .. hasBaseline ? ["baseline"] : Array.Empty<string>()];
        var varied = new VariedParameters(all.Select(row => row.Params), space?.Varies() ?? [], [.. first, .. last]);
        return TableOutput.Of(
            [.. first, .. varied.Columns, .. last],
            shown,
            row =>
            [
                row.Rank, row.Trial, Cell.Metric(sweep.Metric, row.Value),
                .. hasSeeds ? [Cell.Metric(sweep.Metric, row.Deviation), Cell.Seeds(row)] : Array.Empty<object?>(),
                .. new[] { row.Low, row.High, row.Searched, row.Gap }.Take(confirmed.Length)
                    .Select(value => (object?)Cell.Metric(sweep.Metric, value)),
                .. varied.Of(row.Params).Select(CellOf), row.Epoch,
                .. hasTest ? [Cell.Metric("test_accuracy", row.TestAccuracy)] : Array.Empty<object?>(),
                .. hasBaseline ? [new Cell(row.Baseline, row.Baseline ? "baseline" : "")] : Array.Empty<object?>(),
            ]);
    }

    private static JsonNode? CellOf(ParameterValue? value) => value is null ? null : JsonNode.Parse(value.ToJson());
}
