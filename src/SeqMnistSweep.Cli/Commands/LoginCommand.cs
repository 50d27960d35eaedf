namespace SeqMnistSweep.Cli.Commands;

internal sealed class LoginCommand : Verb
{
    private readonly Argument<string?> _url =
        Positional<string?>("url", "URL", "the head; an invite names its own", ArgumentArity.ZeroOrOne);
    private readonly Option<string?> _file =
        Value<string?>("--file", "FILE", "read the token or invite from a file; from stdin when absent");

    public LoginCommand(CommonOptions options)
        : base("login", "keep a token for a head elsewhere", "Fleet",
            ("seqsweep login", "then paste the invite that you were given"),
            ("seqsweep login http://127.0.0.1:8080 < token.txt", "a token of a head"),
            ("seqsweep login --file invite.txt", "a secret never stands on a command line: others see it there"))
    {
        this.Takes(_url, _file);
        SetAction(async (parsed, stop) =>
        {
            var context = options.Context;
            var invite = Read(parsed, context);
            var (known, head) = await new SignIn(context).AskAsync(invite, stop);
            var path = KnownHeads.Keep(head, known, context.Variable);
            options.Tell(
                parsed,
                new JsonObject { ["head"] = head.GetLeftPart(UriPartial.Authority), ["name"] = known.Name, ["role"] = known.Role },
                $"{known.Name}, {known.Role} at {head.GetLeftPart(UriPartial.Authority)}; the token is in {path}");
        });
    }

    /// <exception cref="CommandError">There is neither a token nor an invite.</exception>
    private InviteLink Read(ParseResult parsed, CommandContext context)
    {
        var url = parsed.GetValue(_url);
        if (url?.Contains('#', StringComparison.Ordinal) == true)
        {
            throw new CommandError(
                ExitCodes.Usage, "an invite is a secret, and every account of this machine sees the arguments of a command",
                "seqsweep login   then paste it; or: seqsweep login --file FILE");
        }

        var named = url is null ? null : Hosting.Cluster.HeadAddress.Of(url, context.Variable);
        var text = Text(parsed, context).Trim();
        if (InviteLink.TryParse(text) is { } invite)
        {
            return named is null || named.Authority == invite.Head.Authority ? invite : throw new CommandError(
                ExitCodes.Usage, $"that invite is for {invite.Head.Authority}, not for {named.Authority}");
        }

        return named is not null && text.Length > 0
            ? new InviteLink(named, null, text)
            : throw new CommandError(
                ExitCodes.Usage, text.Length == 0 ? "there is no token to keep" : "that is no invite",
                "an invite is one line, http...#ssi1...; for a bare token name the head: seqsweep login URL");
    }

    private string Text(ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(_file) is not { } file)
        {
            if (context.ErrorWidth is not null)
            {
                context.Say("paste the token or invite, then Enter:");
            }

            return context.In.ReadLine() ?? "";
        }

        try
        {
            return File.ReadAllText(Path.GetFullPath(file, context.Folder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.NotFound, error.Message);
        }
    }
}
