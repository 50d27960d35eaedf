using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ConfirmCommand : Verb
{
    private static readonly ConfirmPlan Usual = new();

    private readonly Argument<string?> _sweep = Reference.SweepOrNewest();
    private readonly Option<int> _top = Value("--top", "N", "configurations, the best ones", Usual.Top);
    private readonly Option<int> _seeds = Value("--seeds", "N", "fresh seeds of each, the same for all", Usual.Seeds);
    private readonly Option<long?> _epochs = Value<long?>("--epochs", "N", "a larger limit of the epochs of all trials together");
    private readonly Option<double?> _slotHours = Value<double?>("--slot-hours", "N", "a larger limit of the hours of slots");
    private readonly Option<string?> _sweepTime = Value<string?>("--sweep-time", "TIME", "a larger limit of the time since its start");

    public ConfirmCommand(CommonOptions options)
        : base("confirm", "run the best again under seeds that the search did not use", "Sweeps",
            ("seqsweep confirm", "the best five of the newest sweep under five fresh seeds each"),
            ("seqsweep confirm tcn-7f3k --top 3 --seeds 10", "of this one, more exactly"),
            ("seqsweep leaderboard tcn-7f3k", "then ranks by the fresh seeds, with intervals"))
    {
        this.Takes(_sweep, options.Database, options.Head, _top, _seeds, _epochs, _slotHours, _sweepTime, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenControlAsync(parsed, stop);
            var id = await SweepReference.IdAsync(session, parsed.GetValue(_sweep) ?? "@last", stop);
            var request = new EditRequest(options.Action(parsed))
            {
                Edits = new SweepEdits
                {
                    ConfirmTop = parsed.GetValue(_top),
                    ConfirmSeeds = parsed.GetValue(_seeds),
                    Epochs = parsed.GetValue(_epochs),
                    SlotHours = parsed.GetValue(_slotHours),
                    SweepTime = GivenTime.Of(parsed, _sweepTime),
                },
            };
            var reply = await session.SweepAsync(id, grain => grain.Edit(request), stop);
            options.Tell(
                parsed,
                new JsonObject { ["sweep"] = id.Value, ["action"] = "confirm", ["planned"] = reply.Planned },
                !reply.Extended
                    ? $"{id} goes on with its search, and confirms the best when that has ended"
                    : $"{id} confirms its best{(reply.Planned is { } known ? $", {known} trials in all" : "")}; "
                        + options.Next(parsed, session, id));
        });
    }
}
