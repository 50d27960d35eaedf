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
            var isTerminal = parsed.GetValue(options.Output) == OutputFormat.Table && options.OutProfile(parsed).IsTerminal;
            options.Write(parsed, Table(sweeps, results, isTerminal));
            if (sweeps.Find(sweep => results.StateOf(sweep) == FileResults.Interrupted) is { } interrupted)
            {
                options.Context.Say($"nobody runs {interrupted.Sweep} now; to go on: {options.GoOn(parsed, interrupted.Sweep)}");
            }

            if (sweeps.Count == 0)
            {
                options.Context.Say(all.Count > 0
                    ? $"none of {Plural.Of(all.Count, "sweep")} is like that"
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

    /// <param name="isTerminal">Then labels that nobody gave take no room, and the others stand in front.</param>
    private static TableOutput Table(IReadOnlyList<SweepRow> sweeps, ResultSource results, bool isTerminal)
    {
        (string Name, Func<SweepRow, object?> Of)[] usual =
        [
            ("sweep", sweep => sweep.Sweep), ("state", results.StateOf), ("completed", sweep => sweep.Completed),
            ("trials", sweep => sweep.Trials), ("best", sweep => Cell.Metric(sweep.Metric, sweep.Best)), ("failed", sweep => sweep.Failed),
            ("running", sweep => sweep.Running), ("queued", sweep => sweep.Queued), ("pruned", sweep => sweep.Pruned),
            ("planned", sweep => sweep.Planned), ("metric", sweep => sweep.Metric), ("method", sweep => sweep.Method),
            ("created", sweep => Cell.Time(sweep.Created)),
        ];
        (string Name, Func<SweepRow, object?> Of)[] labels =
        [
            ("title", sweep => sweep.Title),
            ("tags", sweep => new Cell(JsonNode.Parse(sweep.Tags), string.Join(", ", sweep.ReadTags()))),
            ("description", sweep => sweep.Description), ("note", sweep => sweep.Note), ("archived", sweep => Cell.Time(sweep.Archived)),
        ];
        var shown = isTerminal
            ? [.. usual[..2], .. labels.Where(label => sweeps.Any(sweep => IsGiven(label.Of(sweep)))), .. usual[2..]]
            : usual.Concat(labels).ToArray();
        return TableOutput.Of(shown.Select(column => column.Name), sweeps, sweep => [.. shown.Select(column => column.Of(sweep))]);
    }

    private static bool IsGiven(object? label) => label is string or Cell { Text.Length: > 0 };
}
