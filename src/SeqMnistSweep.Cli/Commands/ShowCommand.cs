namespace SeqMnistSweep.Cli.Commands;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> _id = Reference.SweepOrTrial();
    private readonly Option<int> _events = Value("--events", "N", "the last so many events", 10);
    private readonly Option<bool> _config = Flag("--config", "the sweep file alone, as it was given");

    public ShowCommand(CommonOptions options)
        : base("show", "one sweep or trial in full, and why it is so", "Sweeps",
            ("seqsweep show @last", "progress, best, failures by cause, events"),
            ("seqsweep show tcn-7f3k/17", "one trial: origin, attempts and how each ended, reports"),
            ("seqsweep show tcn-7f3k --config > x.yaml", "the sweep's file"))
    {
        this.Takes(_id, options.Database, options.Head, _events, _config);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var id = parsed.GetValue(_id)!;
            var slash = id.LastIndexOf('/');
            if (parsed.GetValue(_config))
            {
                options.Context.Out.Write((await SweepReference.ResolveAsync(results, slash < 0 ? id : id[..slash], stop)).Spec);
                return;
            }

            var events = Math.Max(0, parsed.GetValue(_events));
            if (slash < 0)
            {
                var sweep = await SweepReference.ResolveAsync(results, id, stop);
                options.Write(parsed, await new SweepDetails(results, options.Context).OfAsync(sweep, events, stop));
                return;
            }

            var (of, trial) = await SweepReference.ResolveTrialAsync(results, id, stop);
            options.Write(parsed, await new TrialDetails(results, options.Context).OfAsync(of, trial, events, stop));
            if (!options.IsJson(parsed) && trial.Attempts > 0)
            {
                options.Context.Say($"what it wrote: seqsweep logs {trial.Trial}{options.SourceArgument(parsed, results)}");
            }
        });
    }
}
