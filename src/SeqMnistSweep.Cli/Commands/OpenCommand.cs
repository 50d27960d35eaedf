using SeqMnistSweep.Cli.Hosting;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class OpenCommand : Verb
{
    private readonly Option<bool> _print = Flag("--print", "the link alone, for a browser elsewhere");

    public OpenCommand(CommonOptions options)
        : base("open", "sign a browser in to the head's pages", "Fleet",
            ("seqsweep open", "in the browser of this desktop; without one it prints the link"),
            ("seqsweep open --print", "a link that lets one browser in, once, within 10 minutes"))
    {
        this.Takes(options.Head, _print);
        SetAction(async (parsed, stop) =>
        {
            var (context, head) = (options.Context, options.HeadOf(parsed));
            using var client = HeadHttp.Create(context.Variable);
            var link = SignInLink.Of(head, await HeadHttp.PostAsync<LoginCode>(client, head, "login/code", null, stop));
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
                context.Say($"opened {head.GetLeftPart(UriPartial.Authority)} in the browser; a link instead: seqsweep open --print");
            }
        });
    }
}
