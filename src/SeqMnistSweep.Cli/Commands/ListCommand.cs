using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> _name = new("--name") { HelpName = "TEXT", Description = "only sweeps whose name contains it" };
    private readonly Option<string[]> _states =
        new("--state") { HelpName = "STATE", Description = "only sweeps in this state; may be repeated" };
    private readonly Option<string[]> _tags =
        new("--tag") { HelpName = "TAG", Description = "only sweeps with this tag; with all of them when repeated" };

    public ListCommand(CommonOptions options)
        : base(
            "list",
            "sweeps, the newest first",
            "Sweeps",
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

            return ExitCodes.Ok;
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

    private static TableOutput Table(IEnumerable<SweepRow> sweeps)
    {
        var table = new TableOutput(
            [
                "sweep", "state", "completed", "trials", "best", "failed", "running", "queued", "pruned", "planned", "metric",
                "method", "created",
            ]);
        foreach (var sweep in sweeps)
        {
            table.Add(
                Cell.Of(sweep.Sweep), Cell.Of(sweep.State), Cell.Of(sweep.Completed), Cell.Of(sweep.Trials), Cell.Metric(
                    sweep.Metric, sweep.Best),
                Cell.Of(sweep.Failed), Cell.Of(sweep.Running), Cell.Of(sweep.Queued), Cell.Of(sweep.Pruned), Cell.Of(sweep.Planned),
                Cell.Of(sweep.Metric), Cell.Of(sweep.Method), Cell.Of(sweep.Created));
        }

        return table;
    }
}
