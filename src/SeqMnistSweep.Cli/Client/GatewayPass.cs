using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Client;

/// <summary>What opens the gateway of a head: a client's certificate, and the authority that the head must be of.</summary>
internal sealed record GatewayPass(X509Certificate2 Certificate, X509Certificate2 Authority)
{
    /// <summary>From the file of this account's own head, else the head gives one to those who may steer it.</summary>
    /// <exception cref="CommandError">The head refuses.</exception>
    public static async Task<GatewayPass> FindAsync(HeadContact head, CancellationToken cancellation)
    {
        try
        {
            return HeadCredential.OwnHead(head.Address, head.Variable) is { Gateway: { } file }
                ? new GatewayPass(
                    ClusterCertificate.WithKey(file.ClientCertificate, file.ClientCertificate), X509Certificate2.CreateFromPem(file.Ca))
                : await AskAsync(head, cancellation);
        }
        catch (CryptographicException error)
        {
            throw new HeadUnreachable(head.Address, $"its certificate for clients is unusable: {error.Message}");
        }
    }

    private static async Task<GatewayPass> AskAsync(HeadContact head, CancellationToken cancellation)
    {
        using var request = new KeyRequest();
        var given = await HeadHttp.PostAsync<CertificateAnswer>(
            head.Http, head.Address, "certificate", new RenewRequest(request.ToPem()), cancellation);
        return new GatewayPass(request.With(given.Certificate), X509Certificate2.CreateFromPem(given.Ca));
    }
}

/// <summary>A head as a command speaks to it.</summary>
/// <param name="Variable">Reads the environment.</param>
internal sealed record HeadContact(Uri Address, HttpClient Http, Func<string, string?> Variable);
