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
    private readonly Argument<string?> _file = new("file") { HelpName = "[FILE]", Description = "a sweep file with a wider space or larger limits, in place of the stored one", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _runCap = new("--run-cap") { HelpName = "N", Description = "configurations in all" };
    private readonly Option<int?> _seeds = new("--seeds") { HelpName = "N", Description = "seeds per configuration" };
    private readonly Option<long?> _epochs = new("--epochs") { HelpName = "N", Description = "epochs of all trials together" };
    private readonly Option<double?> _slotHours = new("--slot-hours") { HelpName = "N", Description = "hours of slots of all trials together" };
    private readonly Option<string?> _sweepTime = new("--sweep-time") { HelpName = "TIME", Description = "time since the sweep first started" };
    private readonly Option<int?> _maxFailures = new("--max-failures") { HelpName = "N", Description = "failed trials that end the sweep" };

    public ExtendCommand(CommonOptions options)
        : base(
            "extend",
            "more of the same: runs exactly what is missing",
            "Sweeps",
            ("seqsweep extend tcn-7f3k --run-cap 200", "a larger cap; a sweep that ended goes on"),
            ("seqsweep extend tcn-7f3k --seeds 5", "more seeds of every configuration"),
            ("seqsweep extend tcn-7f3k --epochs 5000", "it stopped at limits.epochs: what it had not run yet"),
            ("seqsweep extend tcn-7f3k wider.yaml", "a wider space"))
    {
        Add(_sweep);
        Add(_file);
        Add(options.Head);
        Add(_runCap);
        Add(_seeds);
        Add(_epochs);
        Add(_slotHours);
        Add(_sweepTime);
        Add(_maxFailures);
        Add(options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var edits = new SweepEdits
            {
                RunCap = parsed.GetValue(_runCap),
                Seeds = parsed.GetValue(_seeds),
                Epochs = parsed.GetValue(_epochs),
                SlotHours = parsed.GetValue(_slotHours),
                SweepTime = GivenTime.Of(parsed, _sweepTime),
                MaxFailures = parsed.GetValue(_maxFailures),
            };
            var source = Source(options.Context, parsed.GetValue(_file));
            if (source is null && edits == SweepEdits.None)
            {
                throw new CommandError(ExitCodes.Usage, "nothing says by what to extend it", "give a FILE, --run-cap N, --seeds N or a larger limit");
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
