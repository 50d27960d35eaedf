namespace SeqMnistSweep.Cli.Commands;

internal sealed class HealthCommand : Verb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly Option<bool> _live = Flag("--live", "whether the process answers");
    private readonly Option<bool> _ready = Flag("--ready", "whether it takes work: the default");

    private readonly Option<string?> _timeout = Value<string?>("--timeout", "TIME", "wait so long until it is; 0 when absent");

    public HealthCommand(CommonOptions options)
        : base("health", "whether a head is up; for containers without curl", "Fleet",
            ("seqsweep health", "exit code 0 when it is ready, else 6"),
            ("seqsweep health --live", "whether the process answers at all"),
            ("seqsweep health --ready --timeout 30s", "after starting one"))
    {
        this.Takes(options.Head, _live, _ready, _timeout);
        SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_live) && parsed.GetValue(_ready))
            {
                throw new CommandError(ExitCodes.Usage, "--live and --ready exclude each other");
            }

            var (head, asked) = (options.HeadOf(parsed), parsed.GetValue(_live) ? "live" : "ready");
            await UntilAsync(head, asked, GivenTime.Of(parsed, _timeout) ?? TimeSpan.Zero, options.Context, stop);
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonObject { ["head"] = head.GetLeftPart(UriPartial.Authority), ["status"] = asked });
            }
            else
            {
                options.Context.Out.WriteLine(asked);
            }
        });
    }

    private static async Task UntilAsync(Uri head, string asked, TimeSpan wait, CommandContext context, CancellationToken stop)
    {
        var start = context.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await AskAsync(head, asked, context.Variable, stop);
                return;
            }
            catch (CommandError) when (context.Time.GetElapsedTime(start) < wait)
            {
                await Task.Delay(Every, context.Time, stop);
            }
        }
    }

    private static Task<bool> AskAsync(Uri head, string asked, Func<string, string?> variable, CancellationToken stop) =>
        HeadHttp.CallAsync(head, Patience, null, async limit =>
        {
            using var client = HeadHttp.Create(variable);
            using var answer = await client.GetAsync(new Uri(head, $"healthz/{asked}"), limit);
            if (answer.IsSuccessStatusCode) return true;

            var why = (await HeadHttp.ErrorAsync(answer, limit))?.Message ?? $"it answers {(int)answer.StatusCode}";
            throw new CommandError(
                ExitCodes.HeadUnreachable, $"the head at {head.GetLeftPart(UriPartial.Authority)} is not {asked}: {why}");
        }, stop);
}
