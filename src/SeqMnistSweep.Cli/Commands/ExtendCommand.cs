using System.CommandLine;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ExtendCommand : Verb
{
    private readonly Argument<string> _sweep = new("sweep") { HelpName = "SWEEP", Description = "its id, the beginning of it, or @last" };
    private readonly Argument<string?> _file = new("file") { HelpName = "[FILE]", Description = "a sweep file with a wider space, in place of the stored one", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _runCap = new("--run-cap") { HelpName = "N", Description = "configurations in all" };
    private readonly Option<int?> _seeds = new("--seeds") { HelpName = "N", Description = "seeds per configuration" };

    public ExtendCommand(CommonOptions options)
        : base(
            "extend",
            "more of the same: runs exactly what is missing",
            "Sweeps",
            ("seqsweep extend tcn-7f3k --run-cap 200", "a larger cap; a sweep that ended goes on"),
            ("seqsweep extend tcn-7f3k --seeds 5", "more seeds of every configuration"),
            ("seqsweep extend tcn-7f3k wider.yaml", "a wider space"))
    {
        Add(_sweep);
        Add(_file);
        Add(options.Head);
        Add(_runCap);
        Add(_seeds);
        Add(options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var edits = new SweepEdits { RunCap = parsed.GetValue(_runCap), Seeds = parsed.GetValue(_seeds) };
            var source = Source(options.Context, parsed.GetValue(_file));
            if (source is null && edits == SweepEdits.None)
            {
                throw new CommandError(ExitCodes.Usage, "nothing says by what to extend it", "give a FILE, --run-cap N or --seeds N");
            }

            await using var session = await options.OpenHeadAsync(parsed, stop);
            var sweep = SweepId.Parse((await SweepReference.ResolveAsync(session.Results, parsed.GetValue(_sweep), stop)).Sweep);
            var planned = await session.SweepAsync(sweep, grain => grain.Extend(new ExtendRequest(source, edits, options.Action(parsed))), stop);
            options.Tell(
                parsed,
                new JsonObject { ["sweep"] = sweep.Value, ["planned"] = planned },
                $"{sweep} goes on{(planned is { } known ? $" to {known} trials" : "")}; follow it: seqsweep watch {sweep}{options.HeadArgument(parsed)}");
            return ExitCodes.Ok;
        });
    }

    private static string? Source(CommandContext context, string? file)
    {
        if (file is null)
        {
            return null;
        }

        var result = SweepSource.Parse(context, file);
        SweepSource.Require(context, result);
        return result.Source;
    }
}
