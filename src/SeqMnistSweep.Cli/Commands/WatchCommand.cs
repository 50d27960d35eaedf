namespace SeqMnistSweep.Cli.Commands;

internal sealed class WatchCommand : Verb
{
    private readonly Argument<string?> _sweep = Reference.SweepOrNewest();
    private readonly Option<bool> _exitStatus = Flag("--exit-status", "exit code 7 when the sweep fails");
    private readonly Option<long?> _since = Value<long?>("--since", "N", "only events after this number (seq in -o jsonl)");

    private readonly Option<bool> _plain = SweepViews.Plain();

    public WatchCommand(CommonOptions options)
        : base("watch", "follow a sweep live; leaving does not stop it", "Sweeps",
            ("seqsweep watch", "the newest sweep, until it has ended"),
            ("seqsweep watch tcn-7f3k --exit-status", "exit code 7 when it fails"),
            ("seqsweep watch --plain", "a line for each event instead of a screen"),
            ("seqsweep watch -o jsonl | jq .type", "the stream of events, for a program"))
    {
        Aliases.Add("attach");
        this.Takes(_sweep, options.Database, options.Head, _exitStatus, _since, _plain);
        SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_since) is < 0)
            {
                throw new CommandError(
                    ExitCodes.Usage, $"--since {parsed.GetValue(_since)} is below 0", "give the number of an event, or 0 for all");
            }

            await using var session = await options.OpenHeadAsync(parsed, stop, reads: true);
            var sweep = await SweepReference.ResolveAsync(session.Results, parsed.GetValue(_sweep), stop);
            return await new SweepFollow(
                options, parsed, session, parsed.GetValue(_plain) || options.Context.OutWidth is null, options.Context.Out).UntilEndAsync(
                SweepId.Parse(sweep.Sweep), sweep.Spec, parsed.GetValue(_since), parsed.GetValue(_exitStatus), stop);
        });
    }
}
