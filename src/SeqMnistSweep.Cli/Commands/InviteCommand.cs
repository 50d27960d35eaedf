using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class InviteCommand : Verb
{
    public InviteCommand(CommonOptions options)
        : base("invite", "one line that lets a colleague in", "Fleet",
            ("seqsweep invite alice --role submitter", "she gives the line to: seqsweep login"),
            ("seqsweep invite bob --for 8h", "reads only, until tonight"))
    {
        var wish = new TokenWish();
        this.Takes(wish.Name, wish.Role, wish.Life, options.Head);
        SetAction(async (parsed, stop) =>
        {
            var head = options.HeadOf(parsed);
            var pin = head.Scheme == Uri.UriSchemeHttps ? PinOf(head, options.Context) : null;
            var (token, info) = await wish.AskAsync(options, parsed, stop);
            var link = new InviteLink(head, pin, token).ToString();
            if (options.IsJson(parsed))
            {
                options.WriteJson(
                    parsed,
                    new JsonObject { ["invite"] = link, ["id"] = info.Id, ["name"] = info.Name, ["role"] = info.Role });
                return;
            }

            options.Context.Out.WriteLine(link);
            options.Context.Say(
                $"a secret: whoever has it is {info.Name}, {info.Role}. It goes into: seqsweep login   (back: seqsweep token revoke {info.Id})");
        });
    }

    private static string PinOf(Uri head, CommandContext context) =>
        HeadCredential.AuthorityOf(head, context.Variable) is { } authority
            ? ClusterCertificate.PinOf(authority)
            : throw new CommandError(
                ExitCodes.NotAllowed, "this account does not know the head's certificate authority", "invite from the head's own machine");
}
