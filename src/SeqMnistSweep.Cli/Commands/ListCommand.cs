using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ListCommand : Verb
{
    public ListCommand(CommonOptions options)
        : base("list", "sweeps, the newest first", "Sweeps", ("seqsweep list", "every sweep of this folder"), ("seqsweep list --head http://gpu-head:8080", "of a head elsewhere"), ("seqsweep list -o jsonl", "one JSON object a line"))
    {
        Aliases.Add("ls");
        Add(options.Database);
        Add(options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var sweeps = await results.SweepsAsync(stop);
            var table = new TableOutput(["sweep", "state", "completed", "trials", "best", "failed", "running", "queued", "pruned", "planned", "metric", "method", "created"]);
            foreach (var sweep in sweeps)
            {
                table.Add(
                    Cell.Of(sweep.Sweep), Cell.Of(sweep.State), Cell.Of(sweep.Completed), Cell.Of(sweep.Trials), Cell.Metric(sweep.Metric, sweep.Best),
                    Cell.Of(sweep.Failed), Cell.Of(sweep.Running), Cell.Of(sweep.Queued), Cell.Of(sweep.Pruned), Cell.Of(sweep.Planned), Cell.Of(sweep.Metric),
                    Cell.Of(sweep.Method), Cell.Of(sweep.Created));
            }

            options.Write(parsed, table);
            if (sweeps.Count == 0)
            {
                options.Context.Say("no sweep yet; start one with: seqsweep run FILE, or on a head: seqsweep submit FILE");
            }

            return ExitCodes.Ok;
        });
    }
}
