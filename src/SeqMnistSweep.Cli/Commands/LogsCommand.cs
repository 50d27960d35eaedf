namespace SeqMnistSweep.Cli.Commands;

internal sealed class LogsCommand : Verb
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "go on until the trial has ended" };
    private readonly Option<int?> _tail = Value<int?>("--tail", "N", "begin with the last N lines");

    public LogsCommand(CommonOptions options)
        : base("logs", "what a trial wrote, from the worker that runs it", "Fleet",
            ("seqsweep logs tcn-7f3k/17", "the log of its attempts on its worker"),
            ("seqsweep logs tcn-7f3k/17 -f", "and what comes, until it has ended"),
            ("seqsweep logs @last/1 --tail 20", "the last 20 lines"))
    {
        this.Takes(_trial, options.Head, _follow, _tail);
        SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_tail) is < 0)
            {
                throw new CommandError(ExitCodes.Usage, $"--tail {parsed.GetValue(_tail)} is below 0", "give a number of lines");
            }

            await using var session = await options.OpenHeadAsync(parsed, stop);
            var trial = await SweepReference.TrialIdAsync(session.Results, parsed.GetValue(_trial)!, stop);
            var log = new TrialLogReader(session, trial, options.Context.Time, options.Context.Say);
            var write = Writer(options, parsed, trial);
            await (
                parsed.GetValue(_follow)
                    ? log.FollowAsync(parsed.GetValue(_tail), write, stop)
                    : log.ReadAsync(parsed.GetValue(_tail), write, stop));
        });
    }

    /// <summary>The log's own lines; with <c>-o json</c> an object for each.</summary>
    private static Action<string> Writer(CommonOptions options, ParseResult parsed, TrialId trial)
    {
        var output = options.Context.Out;
        return options.IsJson(parsed)
            ? line => output.WriteLine(
                TableOutput.ToText(new JsonObject { ["trial"] = trial.ToString(), ["line"] = line }, indented: false))
            : output.WriteLine;
    }
}
