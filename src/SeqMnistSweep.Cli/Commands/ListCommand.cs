namespace SeqMnistSweep.Cli.Commands;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> _name = Value<string?>("--name", "TEXT", "only sweeps whose name contains it");
    private readonly Option<string[]> _states = Value<string[]>("--state", "STATE", "only sweeps in this state; may be repeated");
    private readonly Option<string[]> _tags = Value<string[]>("--tag", "TAG", "only sweeps with this tag; with all of them when repeated");
    private readonly Option<string?> _find = Value<string?>("--find", "TEXT", "only sweeps in whose id, title, note or file it stands");
    private readonly Option<bool> _archived = Flag("--archived", "only those that were put away; without it all others");

    public ListCommand(CommonOptions options)
        : base("list", "sweeps, the newest first", "Sweeps",
            ("seqsweep list", "every sweep of this folder"),
            ("seqsweep list --state running --state paused", "those that have not ended"),
            ("seqsweep list --name tcn --tag mnist", "by name and tag"),
            ("seqsweep list --find adam", "by anything that is said of it"),
            ("seqsweep list -o jsonl", "one JSON object a line"))
    {
        Aliases.Add("ls");
        _states.AcceptOnlyFromAmong([.. Enum.GetValues<SweepState>().Select(state => state.ToName()), FileResults.Interrupted]);
        this.Takes(_name, _states, _tags, _find, _archived, options.Database, options.Head);
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
                    ? $"none of {Counted.Of(all.Count, "sweep")} is like that"
                    : "no sweep yet; start one with: seqsweep run FILE, or on a head: seqsweep submit FILE");
            }
        });
    }

    private bool IsWanted(ParseResult parsed, SweepRow sweep, ResultSource results)
    {
        var states = parsed.GetValue(_states) ?? [];
        var tags = parsed.GetValue(_tags) ?? [];
        return parsed.GetValue(_archived) == sweep.Archived is not null
            && Texts(sweep).Any(said => said?.Contains(parsed.GetValue(_find) ?? "", StringComparison.OrdinalIgnoreCase) == true)
            && sweep.Name.Contains(parsed.GetValue(_name) ?? "", StringComparison.OrdinalIgnoreCase)
            && (states.Length == 0 || states.Contains(results.StateOf(sweep)))
            && (tags.Length == 0 || tags.All(sweep.ReadTags().Contains));
    }

    private static string?[] Texts(SweepRow sweep) => [sweep.Sweep, sweep.Title, sweep.Description, sweep.Note, sweep.Tags, sweep.Spec];

    private static TableOutput Table(IEnumerable<SweepRow> sweeps, ResultSource results) => TableOutput.Of(
        [
            "sweep", "state", "completed", "trials", "best", "failed", "running", "queued", "pruned", "planned", "metric", "method",
            "created", "title", "tags", "description", "note", "archived",
        ],
        sweeps,
        sweep =>
        [
            sweep.Sweep, results.StateOf(sweep), sweep.Completed, sweep.Trials, Cell.Metric(sweep.Metric, sweep.Best), sweep.Failed,
            sweep.Running, sweep.Queued, sweep.Pruned, sweep.Planned, sweep.Metric, sweep.Method, Cell.Time(sweep.Created),
            sweep.Title, new Cell(JsonNode.Parse(sweep.Tags), string.Join(", ", sweep.ReadTags())), sweep.Description, sweep.Note,
            Cell.Time(sweep.Archived),
        ]);
}
