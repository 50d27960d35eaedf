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
        _states.AcceptOnlyFromAmong([.. Enum.GetValues<SweepState>().Select(state => state.ToName())]);
        this.Takes(_name, _states, _tags, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var all = await results.SweepsAsync(stop);
            var sweeps = all.Where(sweep => IsWanted(parsed, sweep)).ToList();
            options.Write(parsed, Table(sweeps));
            if (sweeps.Count == 0)
            {
                options.Context.Say(all.Count > 0
                    ? $"none of {all.Count} sweep(s) is like that"
                    : "no sweep yet; start one with: seqsweep run FILE, or on a head: seqsweep submit FILE");
            }
        });
    }

    private bool IsWanted(ParseResult parsed, SweepRow sweep)
    {
        var states = parsed.GetValue(_states) ?? [];
        var tags = parsed.GetValue(_tags) ?? [];
        return sweep.Name.Contains(parsed.GetValue(_name) ?? "", StringComparison.OrdinalIgnoreCase)
            && (states.Length == 0 || states.Contains(sweep.State))
            && (tags.Length == 0 || tags.All(SweepFile.ReadTags(sweep.Spec).Contains));
    }

    private static TableOutput Table(IEnumerable<SweepRow> sweeps) => TableOutput.Of(
        [
            "sweep", "state", "completed", "trials", "best", "failed", "running", "queued", "pruned", "planned", "metric", "method",
            "created",
        ],
        sweeps,
        sweep =>
        [
            sweep.Sweep, sweep.State, sweep.Completed, sweep.Trials, Cell.Metric(sweep.Metric, sweep.Best), sweep.Failed, sweep.Running,
            sweep.Queued, sweep.Pruned, sweep.Planned, sweep.Metric, sweep.Method, sweep.Created,
        ]);
}
