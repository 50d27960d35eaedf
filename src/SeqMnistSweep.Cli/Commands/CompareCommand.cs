using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class CompareCommand : Verb
{
    private readonly Argument<string[]> _ids = Positional<string[]>(
        "ids", "SWEEP|TRIAL...", "two or more sweeps, or two or more trials", new ArgumentArity(2, 20));

    public CompareCommand(CommonOptions options)
        : base("compare", "sweeps or trials side by side: what differs, and how they did", "Results",
            ("seqsweep compare tcn-7f3k tcn-9qk2", "keys of their files that differ, best values, counts"),
            ("seqsweep compare tcn-7f3k/3 tcn-7f3k/17", "parameters that differ, values, times"))
    {
        this.Takes(_ids, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var ids = parsed.GetValue(_ids)!;
            var trials = ids.Count(id => id.Contains('/', StringComparison.Ordinal));
            if (trials > 0 && trials < ids.Length)
            {
                throw new CommandError(ExitCodes.Usage, "sweeps are compared with sweeps, and trials with trials");
            }

            var rows = trials > 0 ? await OfTrialsAsync(results, ids, stop) : await OfSweepsAsync(results, ids, stop);
            var table = new TableOutput(["what", .. rows[0].Cells.Select(cell => cell.Text)]);
            foreach (var (what, cells) in rows.Skip(1).Where(row => row.Cells.Any(cell => cell.Value is not null)))
            {
                table.Add([what, .. cells]);
            }

            options.Write(parsed, table);
        });
    }

    private static async Task<List<(string What, Cell[] Cells)>> OfSweepsAsync(
        ResultSource results, string[] ids, CancellationToken stop)
    {
        var sweeps = new List<SweepRow>();
        foreach (var id in ids)
        {
            sweeps.Add(await SweepReference.ResolveAsync(results, id, stop));
        }

        (string, Cell[]) Row(string what, Func<SweepRow, object?> of) =>
            (what, [.. sweeps.Select(sweep => of(sweep) is Cell cell ? cell : Cell.Of(of(sweep)))]);
        return
        [
            Row("sweep", sweep => sweep.Sweep),
            Row("title", sweep => sweep.Title),
            Row("state", results.StateOf),
            Row("metric", sweep => $"{sweep.Metric} ({sweep.Goal})"),
            Row("best", sweep => Cell.Metric(sweep.Metric, sweep.Best)),
            Row("trials", sweep => sweep.Trials),
            Row("completed", sweep => sweep.Completed),
            Row("pruned", sweep => sweep.Pruned),
            Row("failed", sweep => sweep.Failed),
            Row("slot_hours", sweep => Math.Round(sweep.SlotHours, 4)),
            Row("created", sweep => Cell.Time(sweep.Created)),
            .. SweepFileLeaves.Compare([.. sweeps.Select(sweep => sweep.Spec)])
                .Select(setting => (setting.Key, setting.Values.Select(value => Cell.Of(value)).ToArray())),
        ];
    }

    private static async Task<List<(string What, Cell[] Cells)>> OfTrialsAsync(
        ResultSource results, string[] ids, CancellationToken stop)
    {
        var trials = new List<(SweepRow Sweep, TrialRow Trial, JsonObject Parameters)>();
        foreach (var id in ids)
        {
            var (sweep, trial) = await SweepReference.ResolveTrialAsync(results, id, stop);
            trials.Add((sweep, trial, JsonNode.Parse(trial.Params)!.AsObject()));
        }

        (string, Cell[]) Row(string what, Func<(SweepRow Sweep, TrialRow Trial, JsonObject), object?> of) =>
            (what, [.. trials.Select(trial => of(trial) is Cell cell ? cell : Cell.Of(of(trial)))]);
        var names = trials.SelectMany(trial => trial.Parameters.Select(pair => pair.Key)).Distinct();
        return
        [
            Row("trial", trial => trial.Trial.Trial),
            Row("state", trial => trial.Trial.State),
            Row("cause", trial => trial.Trial.Cause),
            Row("value", trial => Cell.Metric(trial.Sweep.Metric, trial.Trial.Value)),
            Row("epoch", trial => trial.Trial.Epoch),
            Row("test_accuracy", trial => Cell.Metric("test_accuracy", trial.Trial.TestAccuracy)),
            Row("run_seconds", trial => trial.Trial.RunSeconds),
            Row("seed", trial => trial.Trial.Seed),
            Row("worker", trial => trial.Trial.Worker),
            .. names.Where(name => trials.Select(trial => trial.Parameters[name]?.ToJsonString()).Distinct().Skip(1).Any())
                .Select(name => (name, trials.Select(trial => Cell.Of(trial.Parameters[name])).ToArray())),
        ];
    }
}
