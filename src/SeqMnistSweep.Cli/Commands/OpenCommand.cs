using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class OpenCommand : Verb
{
    private readonly Option<bool> _print = Flag("--print", "the link alone, for a browser elsewhere");
    private readonly Option<int?> _http = CommonOptions.HttpPort();

    public OpenCommand(CommonOptions options)
        : base("open", "show the dashboard in a browser", "Fleet",
            ("seqsweep open", "of the run or head of this folder, else of its database, else of the head of this machine"),
            ("seqsweep open --db old/sweeps.db", "a database, read and never written to, until Ctrl-C"),
            ("seqsweep open --print", "a link that lets one browser in, once, within 10 minutes"))
    {
        this.Takes(options.Database, options.Head, _print, _http);
        SetAction((parsed, stop) => Reads(options, parsed) ? ReadAsync(options, parsed, stop) : SignInAsync(options, parsed, stop));
    }

    /// <summary>As verbs that read; but who runs what is in the database can show more of it.</summary>
    private static bool Reads(CommonOptions options, ParseResult parsed) =>
        parsed.GetResult(options.Database) is { Implicit: false }
            || (!options.IsHeadNamed(parsed) && options.HolderOf(parsed) is null
                && File.Exists(options.DatabasePath(parsed)) && !new ResultReader(options.DatabasePath(parsed)).IsHeld());

    private async Task SignInAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var head = options.HeadOf(parsed);
        using var client = HeadHttp.Create(options.Context.Variable);
        Show(
            options, parsed, SignInLink.Of(head, await HeadHttp.PostAsync<LoginCode>(client, head, "login/code", null, stop)));
    }

    private async Task ReadAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var context = options.Context;
        var file = options.DatabasePath(parsed);
        await using var page = await StartAsync(file, parsed.GetValue(_http) ?? 0, context.Time);
        Show(options, parsed, page.Link);
        context.Say($"{file}{page.Note} is read, and never written to; Ctrl-C ends it");
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<StoredPage> StartAsync(string file, int port, TimeProvider time)
    {
        try
        {
            return await StoredPage.StartAsync(file, port, time);
        }
        catch (IOException error)
        {
            throw new CommandError(ExitCodes.NotAllowed, $"no dashboard: {error.Message}", "--http-port N takes another port");
        }
    }

    private void Show(CommonOptions options, ParseResult parsed, Uri link)
    {
        var context = options.Context;
        if (options.IsJson(parsed))
        {
            options.WriteJson(parsed, new JsonObject { ["link"] = link.ToString() });
        }
        else if (parsed.GetValue(_print) || !Desktop.TryOpen(link, context.Variable))
        {
            context.Out.WriteLine(link);
            context.Say("it lets one browser in, once, within 10 minutes");
        }
        else
        {
            context.Say($"opened {link.GetLeftPart(UriPartial.Authority)} in the browser; a link instead: seqsweep open --print");
        }

        context.Out.Flush();
    }
}
