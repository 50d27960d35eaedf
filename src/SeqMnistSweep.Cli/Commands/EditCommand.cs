using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class EditCommand : Verb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Argument<string?> _file = Positional<string?>("file", "[FILE]",
        "a sweep file with a wider space or larger limits, in place of the stored one", ArgumentArity.ZeroOrOne);

    private readonly Option<int?> _runCap = Value<int?>("--run-cap", "N", "configurations in all");
    private readonly Option<int?> _seeds = Value<int?>("--seeds", "N", "seeds per configuration");
    private readonly Option<long?> _epochs = Value<long?>("--epochs", "N", "epochs of all trials together");
    private readonly Option<double?> _slotHours = Value<double?>("--slot-hours", "N", "hours of slots of all trials together");
    private readonly Option<string?> _trialTime = Value<string?>("--trial-time", "TIME", "time of one trial: 90s, 10m, 3h50m");
    private readonly Option<string?> _sweepTime = Value<string?>("--sweep-time", "TIME", "time since the sweep first started");
    private readonly Option<int?> _maxFailures = Value<int?>("--max-failures", "N", "failed trials that end the sweep");
    private readonly Option<int?> _maxParallel = Value<int?>("--max-parallel", "N", "trials at the same time");
    private readonly Option<int?> _priority = Value<int?>("--priority", "N", "larger goes first");
    private readonly Option<double?> _weight = Value<double?>("--weight", "N", "part of the slots, beside sweeps of the same priority");
    private readonly Option<string?> _workers = Value<string?>("--workers", "TAG", "only workers with this tag; \"\" takes that back");

    public EditCommand(CommonOptions options)
        : base("edit", "change a sweep or give it more; an ended one goes on", "Sweeps",
            ("seqsweep edit tcn-7f3k --max-parallel 4", "what runs already is not touched"),
            ("seqsweep edit tcn-7f3k --run-cap 200", "a larger cap; a sweep that ended goes on"),
            ("seqsweep edit tcn-7f3k --seeds 5", "more seeds of every configuration"),
            ("seqsweep edit tcn-7f3k wider.yaml", "a wider space"))
    {
        this.Takes(
            _sweep, _file, options.Database, options.Head, _runCap, _seeds, _epochs, _slotHours, _trialTime, _sweepTime, _maxFailures,
            _maxParallel, _priority, _weight, _workers, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var edits = Edits(parsed);
            var source = Source(options.Context, parsed.GetValue(_file));
            if (source is null && edits == SweepEdits.None)
            {
                throw new CommandError(
                    ExitCodes.Usage, "nothing says what to change", "give a FILE or an option: see `seqsweep edit --help`");
            }

            await using var session = await options.OpenControlAsync(parsed, stop);
            var id = await SweepReference.IdAsync(session, parsed.GetValue(_sweep), stop);
            var request = new EditRequest(options.Action(parsed)) { Source = source, Edits = edits };
            var reply = await session.SweepAsync(id, grain => grain.Edit(request), stop);
            options.Tell(
                parsed,
                new JsonObject { ["sweep"] = id.Value, ["action"] = "edit", ["planned"] = reply.Planned },
                !reply.Extended ? $"{id} is changed; see it: seqsweep show {id}{options.SourceArgument(parsed, session.Results)}"
                    : $"{id} goes on{(reply.Planned is { } known ? $" to {known} trials" : "")}; {options.Next(parsed, session, id)}");
        });
    }

    private SweepEdits Edits(ParseResult parsed) => new()
    {
        RunCap = parsed.GetValue(_runCap),
        Seeds = parsed.GetValue(_seeds),
        Epochs = parsed.GetValue(_epochs),
        SlotHours = parsed.GetValue(_slotHours),
        TrialTime = GivenTime.Of(parsed, _trialTime),
        SweepTime = GivenTime.Of(parsed, _sweepTime),
        MaxFailures = parsed.GetValue(_maxFailures),
        MaxParallel = parsed.GetValue(_maxParallel),
        Priority = parsed.GetValue(_priority),
        Weight = parsed.GetValue(_weight),
        Workers = parsed.GetValue(_workers),
    };

    private static string? Source(CommandContext context, string? file)
    {
        if (file is null) return null;

        var result = SweepSource.Parse(context, file);
        SweepSource.Require(context, result);
        return result.Source;
    }
}
