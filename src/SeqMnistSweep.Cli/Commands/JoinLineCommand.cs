using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;
using SeqMnistSweep.SweepFiles.Reading;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class JoinLineCommand : Verb
{
    private readonly Option<string> _for = Value("--for", "TIME", "how long workers can join by it: 8h", "30m");
    private readonly Option<string?> _at =
        Value<string?>("--at", "URL", "the address in it, where workers reach the head by a name: https://gpu-head:8080");

    public JoinLineCommand(CommonOptions options)
        : base("join-line", "print the line by which workers elsewhere join", "Fleet",
            ("seqsweep join-line", "for half an hour, any number of workers; keep it secret"),
            ("seqsweep join-line --for 8h > join.line", "then: seqsweep worker --join @join.line"))
    {
        this.Takes(_for, _at, options.Head);
        SetAction(async (parsed, stop) =>
        {
            var life = Quantities.Duration(parsed.GetValue(_for)!) ?? throw new CommandError(
                ExitCodes.Usage, $"'{parsed.GetValue(_for)}' is no duration", "write 30m, 8h or 90d");
            using var client = HeadHttp.Create(options.Context.Variable);
            var made = await HeadHttp.PostAsync<JoinLineAnswer>(
                client, options.HeadOf(parsed), "join-lines", new JoinLineRequest(life.TotalSeconds), stop);
            var line = JoinLine.Parse(made.Line);
            line = parsed.GetValue(_at) is { } at ? line with { Head = AddressOf(at) } : line;
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonObject { ["line"] = line.ToString(), ["ends"] = $"{made.Ends:O}" });
                return;
            }

            options.Context.Out.WriteLine(line);
            options.Context.Say($"a secret until {made.Ends.ToLocalTime():yyyy-MM-dd HH:mm}; there: seqsweep worker --join LINE");
        });
    }

    private static Uri AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var at) && at.Scheme == Uri.UriSchemeHttps && at.PathAndQuery == "/" && at.Host.Length > 0
            ? at
            : throw new CommandError(ExitCodes.Usage, $"--at takes an address such as https://gpu-head:8080, not '{text}'");
}
