using System.CommandLine;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class EditCommand : Verb
{
    private readonly Argument<string> _sweep = new("sweep") { HelpName = "SWEEP", Description = "its id, the beginning of it, or @last" };
    private readonly Option<int?> _runCap = new("--run-cap") { HelpName = "N", Description = "configurations in all" };
    private readonly Option<int?> _maxParallel = new("--max-parallel") { HelpName = "N", Description = "trials at the same time" };
    private readonly Option<int?> _maxFailures = new("--max-failures") { HelpName = "N", Description = "failed trials that end the sweep" };
    private readonly Option<string?> _trialTime = new("--trial-time") { HelpName = "TIME", Description = "time of one trial: 90s, 10m, 3h50m" };
    private readonly Option<string?> _sweepTime = new("--sweep-time") { HelpName = "TIME", Description = "time of the whole sweep" };
    private readonly Option<int?> _priority = new("--priority") { HelpName = "N", Description = "larger goes first" };
    private readonly Option<double?> _weight = new("--weight") { HelpName = "N", Description = "part of the slots, beside sweeps of the same priority" };
    private readonly Option<long?> _epochs = new("--epochs") { HelpName = "N", Description = "epochs of all trials together" };
    private readonly Option<double?> _slotHours = new("--slot-hours") { HelpName = "N", Description = "hours of slots of all trials together" };
    private readonly Option<string?> _workers = new("--workers") { HelpName = "TAG", Description = "only workers with this tag; \"\" takes that back" };

    public EditCommand(CommonOptions options)
        : base(
            "edit",
            "change a sweep while it lives",
            "Sweeps",
            ("seqsweep edit tcn-7f3k --max-parallel 4", "what runs already is not touched"),
            ("seqsweep edit tcn-7f3k --priority 10", "ahead of the others"),
            ("seqsweep edit @last --workers a100", "on workers with this tag alone"))
    {
        foreach (var option in new Option[] { options.Head, _runCap, _maxParallel, _maxFailures, _trialTime, _sweepTime, _epochs, _slotHours, _priority, _weight, _workers, options.Reason })
        {
            Add(option);
        }

        Add(_sweep);
        SetAction(async (parsed, stop) =>
        {
            var edits = Edits(parsed);
            if (edits == SweepEdits.None)
            {
                throw new CommandError(ExitCodes.Usage, "nothing says what to change", "see `seqsweep edit --help`");
            }

            await using var session = await options.OpenHeadAsync(parsed, stop);
            var sweep = SweepId.Parse((await SweepReference.ResolveAsync(session.Results, parsed.GetValue(_sweep), stop)).Sweep);
            await session.SweepAsync(sweep, grain => grain.Edit(edits, options.Action(parsed)), stop);
            options.Tell(
                parsed,
                new JsonObject { ["sweep"] = sweep.Value, ["action"] = "edit" },
                $"{sweep} is changed; see it: seqsweep show {sweep}{options.HeadArgument(parsed)}");
            return ExitCodes.Ok;
        });
    }

    private SweepEdits Edits(ParseResult parsed) => new()
    {
        RunCap = parsed.GetValue(_runCap),
        MaxParallel = parsed.GetValue(_maxParallel),
        MaxFailures = parsed.GetValue(_maxFailures),
        TrialTime = GivenTime.Of(parsed, _trialTime),
        SweepTime = GivenTime.Of(parsed, _sweepTime),
        Priority = parsed.GetValue(_priority),
        Weight = parsed.GetValue(_weight),
        Epochs = parsed.GetValue(_epochs),
        SlotHours = parsed.GetValue(_slotHours),
        Workers = parsed.GetValue(_workers),
    };
}
