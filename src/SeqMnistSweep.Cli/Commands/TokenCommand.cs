namespace SeqMnistSweep.Cli.Commands;

internal sealed class TokenCommand : Verb
{
    public TokenCommand(CommonOptions options)
        : base("token", "what lets people and scripts in at a head", "Fleet",
            ("seqsweep token create ci --role submitter --for 30d", "prints it, once; roles: viewer, submitter, operator, admin"),
            ("seqsweep token list", "all that this head gave"),
            ("seqsweep token revoke ci", "takes it back, and ends what was begun with it"),
            ("seqsweep token show", "the one that this account has, for a script"))
    {
        Add(new TokenCreate(options));
        Add(new TokenList(options));
        Add(new TokenRevoke(options));
        Add(new TokenShow(options));
    }
}

/// <summary>What <c>token create</c> and <c>invite</c> ask a head for.</summary>
internal sealed class TokenWish
{
    public Argument<string> Name { get; } = Positional<string>("name", "NAME", "who will show it, as events and the audit will say");

    public Option<string> Role { get; } = Value("--role", "ROLE", "viewer, submitter, operator or admin", "viewer");

    public Option<string?> Life { get; } =
        Value<string?>("--for", "TIME", "how long it holds, such as 30d; until it is revoked when absent");

    public async Task<NewToken> AskAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        using var client = HeadHttp.Create(options.Context.Variable);
        return await HeadHttp.PostAsync<NewToken>(
            client, options.HeadOf(parsed), "tokens",
            new TokenRequest(parsed.GetValue(Name), parsed.GetValue(Role), GivenTime.Of(parsed, Life)?.TotalSeconds), stop);
    }
}

internal sealed class TokenCreate : Command
{
    public TokenCreate(CommonOptions options)
        : base("create", "give a token: printed once, kept nowhere")
    {
        var wish = new TokenWish();
        this.Takes(wish.Name, wish.Role, wish.Life, options.Head);
        SetAction(async (parsed, stop) =>
        {
            var (token, info) = await wish.AskAsync(options, parsed, stop);
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonObject
                {
                    ["token"] = token, ["id"] = info.Id, ["name"] = info.Name, ["role"] = info.Role, ["ends"] = info.Ends,
                });
                return;
            }

            options.Context.Out.WriteLine(token);
            options.Context.Say(
                $"{info.Name} is {info.Role} with it{(info.Ends is { } end ? $" until {end}" : "")}; it is not shown again. "
                    + $"Back: seqsweep token revoke {info.Id}");
        });
    }
}

internal sealed class TokenList : Command
{
    public TokenList(CommonOptions options)
        : base("list", "every token that this head gave, without its secret")
    {
        this.Takes(options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var client = HeadHttp.Create(options.Context.Variable);
            var tokens = await HeadHttp.GetAsync<IReadOnlyList<TokenInfo>>(client, options.HeadOf(parsed), "tokens", stop);
            options.Write(parsed, TableOutput.Of(
                ["id", "name", "role", "created", "actor", "ends", "revoked"], tokens,
                token =>
                [
                    token.Id, token.Name, token.Role, Cell.Time(token.Created), token.Actor, Cell.Time(token.Ends),
                    Cell.Time(token.Revoked),
                ]));
        });
    }
}

internal sealed class TokenRevoke : Command
{
    private readonly Argument<string> _which = Positional<string>("which", "NAME|ID", "all tokens of a name, or one by its id");

    public TokenRevoke(CommonOptions options)
        : base("revoke", "take tokens back; streams and pages that they opened end")
    {
        this.Takes(_which, options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var client = HeadHttp.Create(options.Context.Variable);
            var which = parsed.GetValue(_which)!;
            var answer = await HeadHttp.PostAsync<RevokedTokens>(
                client, options.HeadOf(parsed), $"tokens/{Uri.EscapeDataString(which)}/revoke", null, stop);
            options.Tell(
                parsed, new JsonObject { ["revoked"] = answer.Revoked }, $"revoked: {Plural.Of(answer.Revoked, "token")} of {which}");
        });
    }
}

internal sealed class TokenShow : Command
{
    public TokenShow(CommonOptions options)
        : base("show", "the token that this account has for a head: a secret")
    {
        this.Takes(options.Head);
        SetAction(parsed =>
        {
            var head = options.HeadOf(parsed);
            var found = HeadCredential.Find(head, options.Context.Variable) ?? throw new CommandError(
                ExitCodes.NotFound, $"this account has no token for {head.GetLeftPart(UriPartial.Authority)}",
                "start a head here (seqsweep head), or: seqsweep login URL");
            options.Context.Out.WriteLine(found.Token);
        });
    }
}
