using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class AuditCommand : Verb
{
    private readonly Option<int> _last = Value("--last", "N", "the newest so many", 100);

    public AuditCommand(CommonOptions options)
        : base("audit", "who came in at a head, and what was refused", "Fleet",
            ("seqsweep audit", "the last 100 entries"),
            ("seqsweep audit --last 10000 -o jsonl", "for a program"))
    {
        this.Takes(options.Database, options.Head, _last);
        SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_last) < 0)
            {
                throw new CommandError(ExitCodes.Usage, $"--last {parsed.GetValue(_last)} is below 0", "give a number of entries");
            }

            var entries = await ReadAsync(options, parsed, parsed.GetValue(_last), stop);
            options.Write(parsed, TableOutput.Of(
                ["time", "who", "role", "address", "action", "target", "outcome"], entries,
                entry => [Cell.Time(entry.Time), entry.Who, entry.Role, entry.Address, entry.Action, entry.Target, entry.Outcome]));
        });
    }

    /// <summary>Of the head; of a database that is named, or that no head has.</summary>
    private static async Task<IReadOnlyList<AuditRow>> ReadAsync(
        CommonOptions options, ParseResult parsed, int last, CancellationToken stop)
    {
        var file = options.DatabasePath(parsed);
        if (parsed.GetResult(options.Database) is { Implicit: false }) return AuditStore.Last(file, last);

        using var client = HeadHttp.Create(options.Context.Variable);
        try
        {
            return await HeadHttp.GetAsync<IReadOnlyList<AuditRow>>(client, options.HeadOf(parsed), $"audit?last={last}", stop);
        }
        catch (HeadUnreachable) when (!options.IsHeadNamed(parsed) && File.Exists(file))
        {
            return AuditStore.Last(file, last);
        }
    }
}
