namespace SeqMnistSweep.Cli.Client;

/// <summary>Shows a head a token before it is kept.</summary>
internal sealed class SignIn(CommandContext context)
{
    /// <exception cref="CommandError">The head does not take it, or is another one than the invite says.</exception>
    public async Task<(KnownHead Known, Uri Head)> AskAsync(InviteLink invite, CancellationToken cancellation)
    {
        using var client = HeadHttp.Create(name => name == HeadCredential.Variable ? invite.Token : context.Variable(name));
        var caller = await HeadHttp.GetAsync<CallerInfo>(client, invite.Head, "me", cancellation);
        return (new KnownHead(invite.Token, caller.Name, caller.Role.ToName(), null), invite.Head);
    }
}
