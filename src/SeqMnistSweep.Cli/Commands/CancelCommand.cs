namespace SeqMnistSweep.Cli.Commands;

internal sealed class CancelCommand : Verb
{
    private readonly Argument<string> _id = Reference.SweepOrTrial();
    private readonly Option<bool> _yes = Confirm.Yes();

    public CancelCommand(CommonOptions options)
        : base("cancel", "end a sweep or a trial now", "Sweeps",
            ("seqsweep cancel tcn-7f3k", "returns when its slots are free"),
            ("seqsweep cancel tcn-7f3k/17", "this trial alone"),
            ("seqsweep cancel @last --reason \"wrong data\"", "the reason stands in its events"))
    {
        this.Takes(_id, options.Database, options.Head, options.Reason, _yes);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenControlAsync(parsed, stop);
            var id = parsed.GetValue(_id)!;
            var (name, cancelled) = id.Contains('/', StringComparison.Ordinal)
                ? await CancelTrialAsync(options, parsed, session, id, stop)
                : await CancelSweepAsync(options, parsed, session, id, parsed.GetValue(_yes), stop);
            var left = await SlotWatch.UntilFreeAsync(session, cancelled, options.Context.Time, stop);
            if (left.Count > 0)
            {
                throw new CommandError(
                    ExitCodes.NotFinished,
                    $"{name} is cancelled, but not every slot is free yet: "
                        + string.Join(", ", left.Take(5).Select(held =>
                            $"worker {held.Worker} has not answered for trial {held.Trial.Number}")),
                    "nothing it still reports counts; seqsweep workers shows when the slots are free");
            }

            options.Tell(
                parsed, new JsonObject { ["cancelled"] = name, ["slots_free"] = true }, $"{name} is cancelled, and its slots are free");
        });
    }

    private static async Task<(string Name, Func<TrialId, bool> Cancelled)> CancelSweepAsync(
        CommonOptions options, ParseResult parsed, HeadSession session, string reference, bool yes, CancellationToken stop)
    {
        var (sweep, _, _, running) = await SweepReference.UnfinishedAsync(session, reference, only: true, stop);
        Confirm.Ask(options.Context, yes, $"Cancel {sweep} with {Plural.Of(running, "running trial")}, for good?");
        await session.SweepAsync(sweep, grain => grain.Cancel(options.Action(parsed)), stop);
        return (sweep.Value, trial => trial.Sweep == sweep);
    }

    private static async Task<(string Name, Func<TrialId, bool> Cancelled)> CancelTrialAsync(
        CommonOptions options, ParseResult parsed, HeadSession session, string reference, CancellationToken stop)
    {
        var trial = await SweepReference.TrialIdAsync(session, reference, stop);
        await session.SweepAsync(trial.Sweep, grain => grain.CancelTrial(trial.Number, options.Action(parsed)), stop);
        return (trial.ToString(), other => other == trial);
    }
}
