using SeqMnistSweep.Cli.Watching;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class TopCommand : Verb
{
    public TopCommand(CommonOptions options)
        : base("top", "all sweeps and workers of a head, live", "Fleet",
            ("seqsweep top", "enter watches a sweep, p pauses it, q leaves"),
            ("seqsweep top --head https://lab:8443", "of a head elsewhere"),
            ("seqsweep top | cat", "once, as text"))
    {
        this.Takes(options.Head);
        SetAction(async (parsed, stop) =>
        {
            var context = options.Context;
            await using var session = await options.OpenHeadAsync(parsed, stop);
            var head = (HeadResults)session.Results;
            if (options.IsJson(parsed) || context.OutWidth is null || SweepViews.ScreenOf(options, parsed) is not { } screen)
            {
                WriteOnce(options, parsed, await Fleet.ReadAsync(head, context.Time, stop));
                return;
            }

            var fleet = new FleetScreen(
                screen, head.Head!.GetLeftPart(UriPartial.Authority), over => Fleet.ReadAsync(head, context.Time, over),
                (sweep, call) => session.SweepAsync(sweep, call, stop), context.Time);
            while (await fleet.ChooseAsync(stop) is { } chosen)
            {
                var row = await SweepReference.ResolveAsync(head, chosen.Value, stop);
                await new SweepFollow(options, parsed, session, plain: false, context.Error)
                    .UntilEndAsync(chosen, row.Spec, since: null, failedIsFailure: false, stop);
            }

            stop.ThrowIfCancellationRequested();
        });
    }

    private static void WriteOnce(CommonOptions options, ParseResult parsed, Fleet fleet)
    {
        var details = new Details();
        details.Add("time", Cell.Time(Results.Timestamp.Format(fleet.At)));
        details.Add("sweeps", Fleet.SweepTable(fleet.Sweeps));
        details.Add("workers", fleet.WorkerTable(fleet.Workers));
        options.Write(parsed, details);
    }
}
