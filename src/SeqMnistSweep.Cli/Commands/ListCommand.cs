using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> _name = Value<string?>("--name", "TEXT", "only sweeps whose name contains it");
    private readonly Option<string[]> _states = Value<string[]>("--state", "STATE", "only sweeps in this state; may be repeated");
    private readonly Option<string[]> _tags = Value<string[]>("--tag", "TAG", "only sweeps with this tag; with all of them when repeated");

    public ListCommand(CommonOptions options)
        : base("list", "sweeps, the newest first", "Sweeps",
            ("seqsweep list", "every sweep of this folder"),
            ("seqsweep list --state running --state paused", "those that have not ended"),
            ("seqsweep list --name tcn --tag mnist", "by name and tag"),
            ("seqsweep list -o jsonl", "one JSON object a line"))
    {
        Aliases.Add("ls");
        _states.AcceptOnlyFromAmong([.. Enum.GetValues<SweepState>().Select(state => state.ToName()), FileResults.Interrupted]);
        this.Takes(_name, _states, _tags, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var all = await results.SweepsAsync(stop);
            var sweeps = all.Where(sweep => IsWanted(parsed, sweep, results)).ToList();
            options.Write(parsed, Table(sweeps, results));
            if (sweeps.Find(sweep => results.StateOf(sweep) == FileResults.Interrupted) is { } interrupted)
            {
                options.Context.Say($"nobody runs {interrupted.Sweep} now; to go on: {options.GoOn(parsed, interrupted.Sweep)}");
            }

            if (sweeps.Count == 0)
            {
                options.Context.Say(all.Count > 0
                    ? $"none of {all.Count} sweep(s) is like that"
                    : "no sweep yet; start one with: seqsweep run FILE, or on a head: seqsweep submit FILE");
            }
        });
    }

    private bool IsWanted(ParseResult parsed, SweepRow sweep, ResultSource results)
    {
        var states = parsed.GetValue(_states) ?? [];
        var tags = parsed.GetValue(_tags) ?? [];
        return sweep.Name.Contains(parsed.GetValue(_name) ?? "", StringComparison.OrdinalIgnoreCase)
            && (states.Length == 0 || states.Contains(results.StateOf(sweep)))
            && (tags.Length == 0 || tags.All(SweepFile.ReadTags(sweep.Spec).Contains));
    }

    private static TableOutput Table(IEnumerable<SweepRow> sweeps, ResultSource results) => TableOutput.Of(
        [
            "sweep", "state", "completed", "trials", "best", "failed", "running", "queued", "pruned", "planned", "metric", "method",
            "created",
        ],
        sweeps,
        sweep =>
        [
            sweep.Sweep, results.StateOf(sweep), sweep.Completed, sweep.Trials, Cell.Metric(sweep.Metric, sweep.Best), sweep.Failed,
            sweep.Running, sweep.Queued, sweep.Pruned, sweep.Planned, sweep.Metric, sweep.Method, Cell.Time(sweep.Created),
        ]);
}
