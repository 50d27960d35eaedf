using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Shows a head a token, and keeps it where the head takes it.</summary>
internal sealed class SignIn(CommandContext context)
{
    /// <exception cref="CommandError">The head does not take it, or is another one than the invite says.</exception>
    public async Task<(KnownHead Known, Uri Head)> AskAsync(InviteLink invite, CancellationToken cancellation)
    {
        var before = KnownHeads.Find(invite.Head, context.Variable);
        var authority = invite.Pin is { } pin ? await AuthorityAsync(invite.Head, pin, cancellation) : before?.Ca;

        // Whom to trust is looked up with the token: so it is kept while the head is asked.
        KnownHeads.Keep(invite.Head, new KnownHead(invite.Token, "", "", authority), context.Variable);
        try
        {
            using var client = HeadHttp.Create(name => name == HeadCredential.Variable ? invite.Token : context.Variable(name));
            var caller = await HeadHttp.GetAsync<CallerInfo>(client, invite.Head, "me", cancellation);
            return (new KnownHead(invite.Token, caller.Name, caller.Role.ToName(), authority), invite.Head);
        }
        catch
        {
            KnownHeads.Keep(invite.Head, before, context.Variable);
            throw;
        }
    }

    /// <summary>Whoever answers gives a certificate; only that of the pin is taken.</summary>
    private static Task<string> AuthorityAsync(Uri head, string pin, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head, HeadHttp.Patience, null, async limit =>
        {
            using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning disable CA5359 // Nothing is sent, and what comes is compared with the pin.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            using var blind = new HttpClient(handler) { MaxResponseContentBufferSize = 1 << 16 };
            try
            {
                using var shown = X509CertificateLoader.LoadCertificate(await blind.GetByteArrayAsync(new Uri(head, "ca"), limit));
                return ClusterCertificate.PinOf(shown) == pin ? shown.ExportCertificatePem() : throw new CommandError(
                    ExitCodes.NotAllowed, $"what answers at {head.Authority} is another head than the invite says: its pin is another",
                    "nothing was sent to it; ask whoever gave you the invite");
            }
            catch (CryptographicException)
            {
                throw new HeadUnreachable(head, HeadHttp.NoHead);
            }
        }, cancellation);
}
